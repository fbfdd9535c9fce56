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
# Une question posée à toutes les collectivités de la base : les groupes diffèrent-ils ? La réponse compare des collectivités, une valeur chacune ; la suite regarde leurs marchés, leurs années et leurs trimestres. Le paramètre `question` est facultatif : vide, la question est écrite d'après les autres.

# %% tags=["parameters"]
question: str = ""
indicateur: str = "P05"
groupes: str = "strate"
parmi: str = "commune"
estimand: str = "rangs"
terme: str = ""
date: str = ""
temoin: str = ""
noms: str = "masqués"
donnees: str = "../data"

# %%
from optima_lib.running.pooled import open_ensemble

ensemble = open_ensemble(
    question, indicateur, groupes, parmi=parmi, estimand=estimand, terme=terme,
    date=date, temoin=temoin, noms=noms, donnees=donnees,
)  # fmt: skip

# %% [markdown]
# ## La réponse

# %% tags=["promis"]
ensemble.reponse()

# %% [markdown]
# ## Qui est comparé

# %% tags=["promis"]
ensemble.effectifs()

# %% tags=["promis"]
ensemble.figure()

# %% [markdown]
# ## Les groupes, deux à deux

# %% tags=["promis"]
ensemble.paires()

# %% [markdown]
# ## Au niveau des marchés
#
# Les mêmes groupes, comparés sur leurs marchés. Les marchés d'une collectivité se ressemblent : la précision se mesure d'une collectivité à l'autre.

# %% tags=["promis"]
ensemble.marches()

# %% [markdown]
# ### Ce qui tient à chaque collectivité

# %% tags=["promis"]
ensemble.niveaux()

# %% [markdown]
# ## D'une année à l'autre
#
# Chaque collectivité est comparée à elle-même ; le paramètre `terme` nomme ce qui change en elle.

# %% tags=["promis"]
ensemble.annees()

# %% [markdown]
# ### Trimestre par trimestre
#
# Toutes les collectivités ensemble ; le paramètre `date` y cherche une rupture, que `temoin` compare à un groupe qui n'est pas concerné.

# %% tags=["promis"]
ensemble.trimestres()

# %% [markdown]
# ## Méthode

# %% tags=["promis"]
ensemble.methode()
