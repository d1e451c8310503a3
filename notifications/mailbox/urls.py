"""The demo mailbox."""

from django.urls import path

from notifications.mailbox import views

urlpatterns = [
    path("", views.mail_list, name="mailbox"),
    path("<str:name>/", views.mail_detail, name="mailbox-mail"),
    path("<str:name>/letter/", views.mail_html, name="mailbox-letter"),
    path("<str:name>/files/<int:number>/", views.mail_file, name="mailbox-file"),
]
