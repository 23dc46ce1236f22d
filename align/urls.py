"""Every address. Words and stable numbers; filters live in the query."""

from django.urls import include, path

from align.people import admin

urlpatterns = [
    path("", include("align.dashboard.urls")),
    path("", include("strategy.urls")),
    path("", include("training.urls")),
    path("", include("feedback.urls")),
    path("", include("align.notices.urls")),
    path("", include("align.people.urls")),
    path("", include("align.jobs.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("align.api.urls")),
]

handler500 = "align.people.middleware.broken"
