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
# # Comparaisons statistiques
#
# Une question posée à toutes les collectivités de la base : les groupes diffèrent-ils ? L'unité est la collectivité, jamais le marché.

# %% tags=["parameters"]
question: str = "Les communes publient-elles plus tard selon leur taille ?"
indicateur: str = "P05"
groupes: str = "strate"
parmi: str = "commune"
estimand: str = "rangs"
donnees: str = "../data"

# %%
from optima_lib.running.pooled import open_ensemble

ensemble = open_ensemble(question, indicateur, groupes, parmi=parmi, estimand=estimand, donnees=donnees)

# %% [markdown]
# ## La réponse

# %% tags=["promis"]
ensemble.reponse()

# %% [markdown]
# ## Qui est comparé

# %% tags=["promis", "tableau"]
ensemble.effectifs()

# %% tags=["promis", "figure"]
ensemble.figure()

# %% [markdown]
# ## Les groupes, deux à deux

# %% tags=["promis"]
ensemble.paires()

# %% [markdown]
# ## Méthode

# %% tags=["promis"]
ensemble.methode()
