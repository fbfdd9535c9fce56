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
# # Achat responsable
#
# Ce que les marchés publient de leurs considérations sociales et environnementales, au regard des obligations et de leurs dates. Ce chapitre ne lit que les données ouvertes.

# %% tags=["parameters"]
partenaire: str = "exemple"
donnees: str = "../data"

# %%
from optima_lib import open_study
from optima_lib.reporting import responsable

etude = open_study(partenaire, donnees)

# %% [markdown]
# ## Ce qui ressort

# %% tags=["promis"]
responsable.synthese(etude)

# %% tags=["promis"]
responsable.chiffres_cles(etude)

# %% [markdown]
# ## Que publient les marchés ?

# %% tags=["promis", "figure"]
responsable.figure_reponses(etude)

# %% tags=["promis", "tableau"]
responsable.tableau_considerations(etude)

# %% tags=["promis"]
etude.figure("E02")

# %% tags=["promis", "tableau"]
responsable.tableau_types(etude)

# %% [markdown]
# ## Et chez d'autres acheteurs, pour des achats semblables ?
#
# Le rapport vaut un quand la collectivité déclare autant de considérations que les autres acheteurs des fichiers réunis, pour des achats de même famille et de montant voisin. Il dépend de ce que chacun publie, et non de ce qu'il fait.

# %% tags=["promis", "tableau"]
responsable.tableau_semblables(etude)

# %% [markdown]
# ## Par quels moyens ?
#
# Une clause oblige le titulaire pendant l'exécution ; un critère départage les offres.

# %% tags=["promis", "tableau"]
responsable.tableau_moyens(etude)

# %% [markdown]
# ## Les obligations et leurs dates

# %% tags=["promis"]
responsable.obligations(etude)

# %% tags=["promis", "tableau"]
responsable.tableau_obligations(etude)

# %% [markdown]
# ## Repères publiés
#
# Ces valeurs viennent d'autres périmètres et d'autres années : elles situent, ne sont pas des cibles pour la collectivité, et ne se comparent pas terme à terme.

# %% tags=["promis", "tableau"]
responsable.valeurs_ailleurs()

# %% [markdown]
# ## Ce que ce chapitre ne dit pas

# %% tags=["promis"]
responsable.limites(etude)

# %% [markdown]
# ## Comment lire ces indicateurs

# %% tags=["promis"]
responsable.comment_lire(etude)
