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
# # Profil des achats
#
# Ce que la collectivité achète, à qui, pour combien et comment, d'après les contrats publiés.

# %% tags=["parameters"]
partenaire: str = "exemple"
donnees: str = "../data"

# %%
from optima_lib import open_study
from optima_lib.reporting import profil

etude = open_study(partenaire, donnees)

# %% tags=["promis"]
profil.synthese(etude)

# %% tags=["promis"]
profil.chiffres_cles(etude)

# %% [markdown]
# ## Combien ?
#
# Le montant ferme engage la collectivité ; le plafond d'un accord-cadre fixe une limite, que les commandes n'atteignent pas toujours. Les deux ne s'additionnent pas.

# %% tags=["promis", "tableau"]
profil.tableau_montants(etude)

# %% [markdown]
# ## Quoi ?

# %% tags=["promis", "figure"]
profil.figure_familles(etude)

# %% tags=["promis", "tableau"]
profil.tableau_familles(etude)

# %% [markdown]
# ## À qui ?

# %% tags=["promis"]
profil.lecture_titulaires(etude)

# %% tags=["promis", "tableau"]
profil.tableau_titulaires(etude)

# %% [markdown]
# ## Comment ?
#
# Chaque valeur est donnée avec le nombre de marchés sur lequel elle repose. Quand trop peu de marchés sont exploitables, aucun chiffre n'est avancé.

# %% tags=["promis"]
profil.lecture_concurrence(etude)

# %% tags=["promis", "figure"]
profil.figure_procedures(etude)

# %% tags=["promis", "tableau"]
profil.tableau_indicateurs(etude)
