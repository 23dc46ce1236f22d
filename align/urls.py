"""Every address. Words and stable numbers; filters live in the query."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

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
