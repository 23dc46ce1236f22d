from django.urls import path

from align.people import views

app_name = "people"
urlpatterns = [
    path("accounts/email/", views.no_such_page, name="no_email"),
    path("settings/", views.settings, name="settings"),
    path("settings/people/", views.list_, name="list"),
    path("settings/people/invite/", views.invite, name="invite"),
    path("settings/people/<int:pk>/", views.person, name="person"),
    path("settings/people/<int:pk>/roles/", views.change_roles, name="change_roles"),
    path("settings/people/<int:pk>/move/", views.move, name="move"),
    path("settings/people/<int:pk>/invite/", views.invite_again, name="invite_again"),
    path("settings/people/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
]
