from django.urls import path

from align.dashboard import ledger_views, views

app_name = "dashboard"

urlpatterns = [
    path("", views.today, name="today"),
    path("start/", views.start, name="start"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage.csv", views.coverage_csv, name="coverage_csv"),
    path("objectives/<int:pk>/", views.objective, name="objective"),
    path("objectives/<int:pk>-<slug:slug>/", views.objective, name="objective"),
    path("behaviors/<int:pk>/", views.behavior, name="behavior"),
    path("team/", views.team, name="team"),
    path("my/strategy/", views.mine, name="mine"),
    path("concerns/", ledger_views.ledger, name="ledger"),
    path("search/", views.search, name="search"),
]
