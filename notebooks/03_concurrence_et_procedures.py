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
# # Concurrence et procédures
#
# Combien d'entreprises répondent, par quelles procédures la collectivité achète, et où se placent les montants au regard des seuils.

# %% tags=["parameters"]
partenaire: str = "exemple"
donnees: str = "../data"

# %%
from optima_lib import open_study
from optima_lib.reporting import concurrence

etude = open_study(partenaire, donnees)

# %% [markdown]
# ## Ce qui ressort

# %% tags=["promis"]
concurrence.synthese(etude)

# %% tags=["promis"]
concurrence.chiffres_cles(etude)

# %% [markdown]
# ## Combien d'entreprises répondent ?

# %% tags=["promis", "figure"]
concurrence.figure_offres(etude)

# %% tags=["promis"]
etude.figure("C01")

# %% tags=["promis", "tableau"]
concurrence.tableau_reponses(etude)

# %% tags=["promis", "tableau"]
concurrence.tableau_familles(etude)

# %% [markdown]
# ## Par quelles procédures ?

# %% tags=["promis", "figure"]
concurrence.figure_procedures(etude)

# %% tags=["promis", "tableau"]
concurrence.tableau_procedures(etude)

# %% [markdown]
# ## Au voisinage des seuils
#
# Les seuils changent avec les années. Un marché est comparé à ceux qui pouvaient s'appliquer à la date de son lancement.

# %% tags=["promis", "figure"]
concurrence.figure_seuils(etude)

# %% tags=["promis", "tableau"]
concurrence.tableau_voisinage(etude)

# %% tags=["promis"]
concurrence.lecture_seuils(etude)

# %% tags=["promis", "tableau"]
concurrence.tableau_seuils(etude)

# %% [markdown]
# ## Délais et complétude des données

# %% tags=["promis", "tableau"]
concurrence.tableau_delais(etude)

# %% [markdown]
# ## Repères publiés
#
# Ces valeurs viennent d'autres périmètres et d'autres années : elles situent, ne sont pas des cibles, et ne se comparent pas terme à terme.

# %% tags=["promis", "tableau"]
concurrence.valeurs_ailleurs()

# %% tags=["promis", "tableau"]
concurrence.feux(etude)

# %% [markdown]
# ## Ce que ce chapitre ne dit pas

# %% tags=["promis"]
concurrence.limites(etude)

# %% [markdown]
# ## Comment lire ces indicateurs

# %% tags=["promis"]
concurrence.comment_lire(etude)
