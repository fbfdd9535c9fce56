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
# # Données et limites
#
# Ce que les fichiers publiés disent des achats de la collectivité, ce qui a été fusionné ou écarté, et ce qu'ils ne permettent pas de conclure.

# %% tags=["parameters"]
partenaire: str = "exemple"
donnees: str = "../data"

# %%
from optima_lib import open_study
from optima_lib.reporting import donnees as chapitre
from optima_lib.reporting import sorts
from optima_lib.reporting.limites import limites

etude = open_study(partenaire, donnees)

# %% tags=["promis"]
chapitre.chiffres_cles(etude)

# %% tags=["promis"]
chapitre.synthese(etude)

# %% [markdown]
# ## Ce qui a été publié
#
# Chaque barre compte les contrats (marchés ou lots) selon l'année de leur notification, une fois les doublons et les modifications réunis.

# %% tags=["promis", "figure"]
chapitre.figure_annees(etude)

# %% tags=["promis", "figure"]
chapitre.figure_mois(etude)

# %% tags=["promis", "tableau"]
chapitre.tableau_sources(etude)

# %% [markdown]
# ## Ce qui a été fusionné ou écarté
#
# Un fichier publié contient des répétitions, des modifications et parfois des enregistrements inutilisables. Chacun est compté une fois, et son sort est connu.

# %% tags=["promis"]
sorts.lecture(etude)

# %% tags=["promis", "tableau"]
sorts.tableau(etude)

# %% [markdown]
# ## Ce qui a été réparé ou signalé
#
# Une valeur fausse n'est jamais remplacée par une valeur devinée : elle est tenue pour manquante, et comptée ici.

# %% tags=["promis", "tableau"]
chapitre.tableau_anomalies(etude)

# %% [markdown]
# ## Ce que les contrats disent, et ce qu'ils taisent
#
# Un indicateur ne vaut que par les champs dont il dépend. Plus la case est foncée, plus le champ est renseigné.

# %% tags=["promis", "figure"]
chapitre.figure_remplissage(etude)

# %% [markdown]
# ## Ce que l'on ne peut pas conclure

# %% tags=["promis"]
limites(etude)
