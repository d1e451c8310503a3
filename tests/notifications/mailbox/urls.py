"""The mailbox beside the project's own addresses, whether or not the project shows it."""

from django.urls import include, path

urlpatterns = [path("mailbox/", include("notifications.mailbox.urls")), path("", include("reschedule.urls"))]
