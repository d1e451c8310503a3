"""Colleagues and their places, and those who are invited to become one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0051_audit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Colleague",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
                (
                    "places",
                    models.ManyToManyField(
                        blank=True, related_name="colleagues", to="appointments.location", verbose_name="places"
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="retired by",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="colleague",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "colleague",
                "verbose_name_plural": "colleagues",
                "permissions": (("manage_people", "Can invite, retire and give roles to colleagues"),),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="colleague_retired_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("Front desk", "front desk"),
                            ("Leads", "lead"),
                            ("Managers", "manager"),
                            ("Auditors", "auditor"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("invited_at", models.DateTimeField(verbose_name="invited")),
                ("expires_at", models.DateTimeField(verbose_name="open until")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("links", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("nonce", models.CharField(editable=False, max_length=64, unique=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="taken up")),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "places",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="appointments.location", verbose_name="places"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="became",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("-invited_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("used_at__isnull", True), ("user__isnull", True)),
                            models.Q(("used_at__isnull", False), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_used_iff_somebody_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"),
                        name="invitation_used_or_taken_back",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("revoked_at__isnull", True),
                            ("used_at__isnull", True),
                            models.Q(("email", ""), _negated=True),
                        ),
                        fields=("email",),
                        name="invitation_standing_once_per_address",
                    ),
                ],
            },
        ),
    ]
