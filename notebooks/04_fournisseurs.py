# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   language_info:
#     name: python
# ---

# %% [markdown]
# # Fournisseurs
#
# Combien de fournisseurs, avec quelle concentration, comment ils se renouvellent et qui ils sont.

# %% tags=["parameters"]
partenaire: str = "exemple"
donnees: str = "../data"

# %%
from optima_lib import open_study
from optima_lib.reporting import fournisseurs

etude = open_study(partenaire, donnees)

# %% [markdown]
# ## Ce qui ressort

# %% tags=["promis"]
fournisseurs.synthese(etude)

# %% tags=["promis"]
fournisseurs.chiffres_cles(etude)

# %% [markdown]
# ## Combien, et avec quelle concentration ?

# %% tags=["promis", "figure"]
fournisseurs.figure_cumul(etude)

# %% tags=["promis", "tableau"]
fournisseurs.tableau_concentration(etude)

# %% [markdown]
# ## D'une année sur l'autre

# %% tags=["promis"]
fournisseurs.figure_renouvellement(etude)

# %% tags=["promis", "tableau"]
fournisseurs.tableau_renouvellement(etude)

# %% [markdown]
# ## Qui sont-ils ?
#
# La taille, le lieu et l'âge des entreprises viennent du répertoire SIRENE. Le lieu se décrit et ne se vise pas : préférer une entreprise parce qu'elle est proche est illégal.

# %% tags=["promis"]
fournisseurs.lecture_repertoire(etude)

# %% tags=["promis", "tableau"]
fournisseurs.tableau_entreprises(etude)

# %% [markdown]
# ## Repères publiés
#
# Ces valeurs viennent d'autres périmètres et d'autres années : elles situent, ne sont pas des cibles, et ne se comparent pas terme à terme.

# %% tags=["promis", "tableau"]
fournisseurs.valeurs_ailleurs()

# %% [markdown]
# ## Ce que ce chapitre ne dit pas

# %% tags=["promis"]
fournisseurs.limites(etude)

# %% [markdown]
# ## Comment lire ces indicateurs

# %% tags=["promis"]
fournisseurs.comment_lire(etude)
