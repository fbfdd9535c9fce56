# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: language_info
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   language_info:
#     name: python
# ---

# %% [markdown]
# # Confrontation
#
# La collectivité à côté de ses pairs : où elle s'en écarte, où elle leur ressemble, et ce que les données ne permettent pas de dire.

# %% tags=["parameters"]
partenaire: str = "exemple"
donnees: str = "../data"

# %%
from optima_lib import open_confrontations
from optima_lib.partners import load_partner
from optima_lib.reporting import confrontation, groupe_de_pairs, reserves

confrontations = open_confrontations(partenaire, donnees)

# %% [markdown]
# ## Ce qui ressort

# %% tags=["promis"]
confrontation.synthese(confrontations)

# %% tags=["promis"]
confrontation.apercu(confrontations)

# %% [markdown]
# ## Les pairs, et pourquoi ils sont comparables
#
# Une collectivité n'est comparée qu'à celles de même catégorie et de taille voisine. La règle est écrite d'avance ; elle s'élargit étape par étape tant que les pairs sont trop peu nombreux.

# %% tags=["promis"]
groupe_de_pairs.regle(confrontations)

# %% tags=["promis"]
groupe_de_pairs.noms_des_pairs(confrontations)

# %% tags=["promis"]
groupe_de_pairs.equilibre(confrontations)

# %% [markdown]
# ## Concurrence

# %% tags=["promis"]
confrontation.theme(confrontations, "C")

# %% [markdown]
# ## Procédures et délais

# %% tags=["promis"]
confrontation.theme(confrontations, "P")

# %% [markdown]
# ## Fournisseurs

# %% tags=["promis"]
confrontation.theme(confrontations, "F")

# %% [markdown]
# ## Achat responsable

# %% tags=["promis"]
confrontation.theme(confrontations, "E")

# %% [markdown]
# ## Exécution

# %% tags=["promis"]
confrontation.theme(confrontations, "V")

# %% [markdown]
# ## Ce qui est acheté

# %% tags=["promis"]
confrontation.theme(confrontations, "S")

# %% [markdown]
# ## Seuils

# %% tags=["promis"]
confrontation.theme(confrontations, "T")

# %% [markdown]
# ## Mutualisation

# %% tags=["promis"]
confrontation.theme(confrontations, "G")

# %% [markdown]
# ## Signaux d'alerte

# %% tags=["promis"]
confrontation.theme(confrontations, "I")

# %% [markdown]
# ## Qualité des données

# %% tags=["promis"]
confrontation.theme(confrontations, "Q")

# %% [markdown]
# ## Ces verdicts tiennent-ils à un pair ?

# %% tags=["promis"]
reserves.sensibilite(confrontations)

# %% [markdown]
# ## Que demander aux pairs qui font mieux ?

# %% tags=["promis"]
confrontation.questions(confrontations)

# %% [markdown]
# ## Ce qui ne se compare pas

# %% tags=["promis"]
reserves.incomparables(confrontations)

# %% [markdown]
# ## Ce qui était fixé avant le calcul

# %% tags=["promis"]
reserves.declaration(confrontations, load_partner(partenaire))

# %% [markdown]
# ## Les chiffres derrière les verdicts

# %% tags=["promis"]
reserves.chiffres(confrontations)

# %% [markdown]
# ## Comment lire une comparaison

# %% tags=["promis"]
reserves.comment_lire()
