"""The two logins of the sample business. Their passwords are in the open, so no real business may serve with them."""

FRONT_DESK, MANAGER = "sari", "budi"
SAMPLE_PASSWORDS = {FRONT_DESK: "teratai-sari", MANAGER: "teratai-budi"}
