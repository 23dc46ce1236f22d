from django.urls import path

from align.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.list_, name="list"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.open_, name="open"),
]
