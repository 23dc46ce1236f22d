"""Every address. Words and stable numbers; filters live in the query."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("align.jobs.urls")),
]
