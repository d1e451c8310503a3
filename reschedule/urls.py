"""All addresses."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from reschedule import health, second_step
from reschedule.monitors import metrics
from reschedule.sign_in import SignIn

handler500 = "reschedule.errors.server_error"

urlpatterns = [
    path("", include("appointments.urls")),
    path("accounts/sign-in/", SignIn.as_view(), name="sign-in"),
    path("accounts/sign-in/second-step/", second_step.show, name="sign-in-second-step"),
    path("accounts/sign-in/passkey/", second_step.passkey, name="sign-in-passkey"),
    path("accounts/sign-in/passkey/challenge/", second_step.challenge, name="sign-in-challenge"),
    path("accounts/sign-out/", LogoutView.as_view(), name="sign-out"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/login/", SignIn.as_view(next_page="admin:index")),  # one door: the admin's own asks for less
    path("admin/", admin.site.urls),
    path("demo/mail/", include("notifications.mailbox.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
