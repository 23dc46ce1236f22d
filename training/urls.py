from django.urls import path

from training.views import claims, evidence, gaps, learning, modules, visits

app_name = "training"
urlpatterns = [
    path("training/", gaps.gaps, name="gaps"),
    path("training/modules/", modules.list_, name="modules"),
    path("training/modules/new/", modules.add, name="add_module"),
    path("training/modules/<int:pk>/", modules.module, name="module"),
    path("training/modules/<int:pk>/edit/", modules.edit, name="edit_module"),
    path("training/modules/<int:pk>/publish/", modules.publish, name="publish_module"),
    path("training/modules/<int:pk>/versions/new/", modules.new_version, name="new_version"),
    path("training/modules/<int:pk>/retire/", modules.retire, name="retire_module"),
    path("training/modules/<int:pk>/completions/", evidence.completions, name="completions"),
    path("training/map/", claims.map_, name="map"),
    path("training/mappings/<int:pk>/clear/", claims.clear, name="clear_mapping"),
    path("training/mappings/<int:pk>/retire/", claims.retire, name="retire_mapping"),
    path("training/learn/", learning.learn, name="learn"),
    path("training/learn/<int:pk>/", learning.take, name="take"),
    path("team/visits/new/", visits.visit, name="visit"),
]
