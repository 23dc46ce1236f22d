from django.urls import path

from strategy import views

app_name = "strategy"
urlpatterns = [
    path("strategy/", views.list_, name="list"),
    path("strategy/new/", views.add, name="add"),
    path("strategy/<slug:slug>/", views.detail, name="detail"),
    path("strategy/<slug:slug>/edit/", views.edit, name="edit"),
    path("strategy/<slug:slug>/activate/", views.activate, name="activate"),
    path("strategy/<slug:slug>/objectives/new/", views.add_objective, name="add_objective"),
    path("objectives/<int:pk>/draft/", views.draft, name="draft"),
    path("objectives/<int:pk>/draft/publish/", views.publish, name="publish"),
    path("objectives/<int:pk>/draft/discard/", views.discard, name="discard"),
    path("objectives/<int:pk>/owner/", views.owner, name="owner"),
    path("objectives/<int:pk>/retire/", views.retire, name="retire"),
    path("flags/", views.flags, name="flags"),
    path("flags/<int:pk>/", views.flag, name="flag"),
    path("flags/<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
]
