"""The engines must be what the other tests take them for."""

import smtplib
from pathlib import Path

import psycopg
import pytest
import redis
from django.core.mail import send_mail
from playwright.sync_api import Page

from tests.engines import EngineMissing
from tests.engines.postgres import PostgresServer, wheel_binaries
from tests.engines.redis import RedisServer
from tests.engines.smtp import SmtpSink


def _deliver(sink: SmtpSink, subject: str, *, to: str = "ana@example.com", timeout: float = 5) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=timeout) as client:
        client.sendmail("desk@example.com", [to], f"Subject: {subject}\r\n\r\nHello\r\n")


def test_a_message_sent_by_django_arrives_at_the_sink(smtp_sink: SmtpSink) -> None:
    send_mail("A new time", "Please choose.", "desk@example.com", ["ana@example.com"])
    [received] = smtp_sink.wait_for(1)
    assert (received.message["Subject"], received.recipients) == ("A new time", ("ana@example.com",))


def test_the_sink_refuses_for_a_while_and_then_takes_the_message() -> None:
    with SmtpSink() as sink:
        sink.refuse_for_a_while(times=1)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            _deliver(sink, "first")
        assert refused.value.smtp_code == 451
        _deliver(sink, "second")
        assert [received.message["Subject"] for received in sink.messages] == ["second"]


def test_the_sink_refuses_one_recipient_and_no_other() -> None:
    with SmtpSink() as sink:
        sink.refuse_recipient("gone@example.com")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            _deliver(sink, "lost", to="gone@example.com")
        _deliver(sink, "kept")
        assert [received.message["Subject"] for received in sink.messages] == ["kept"]


def test_a_hanging_sink_has_the_message_though_the_sender_gives_up() -> None:
    with SmtpSink() as sink:
        sink.hang_after_data(times=1)
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            _deliver(sink, "perhaps sent", timeout=0.3)
        assert len(sink.wait_for(1)) == 1
        _deliver(sink, "the next one")
        assert len(sink.messages) == 2


def test_a_dropping_sink_says_250_and_cuts_the_connection() -> None:
    with SmtpSink() as sink:
        sink.drop_after_250(times=1)
        client = smtplib.SMTP(sink.host, sink.port, timeout=5)
        assert client.sendmail("desk@example.com", ["ana@example.com"], "Subject: taken\r\n\r\n") == {}
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail("desk@example.com", ["ana@example.com"], "Subject: cut\r\n\r\n")
        _deliver(sink, "over a new connection")
        assert [received.connection for received in sink.messages] == [1, 2]


def test_a_stopped_sink_refuses_connections_and_comes_back_on_its_port() -> None:
    with SmtpSink() as sink:
        sink.stop()
        with pytest.raises(ConnectionRefusedError):
            _deliver(sink, "nobody there")
        sink.start()
        _deliver(sink, "back")
        assert len(sink.messages) == 1


def test_a_killed_redis_comes_back_empty_on_its_port(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("bell", "rung")
        redis_server.kill()
        with pytest.raises(redis.exceptions.ConnectionError):
            client.get("bell")
        redis_server.start()
        assert client.get("bell") is None


@pytest.mark.slow
def test_a_restarted_postgres_keeps_its_rows_and_drops_its_connections() -> None:
    with PostgresServer() as server:
        connection = psycopg.connect(server.url, autocommit=True)
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        server.restart()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT number FROM kept")
        with psycopg.connect(server.url) as again:
            assert again.execute("SELECT number FROM kept").fetchone() == (7,)


@pytest.mark.slow
def test_the_postgres_of_the_wheel_runs_whoever_we_are() -> None:
    server = PostgresServer(binaries=wheel_binaries())
    with server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not server.folder.exists()


@pytest.mark.browser
def test_the_browser_runs_scripts(page: Page) -> None:
    page.set_content("<h1>Before</h1><script>document.querySelector('h1').textContent = 'After'</script>")
    assert page.inner_text("h1") == "After"


def test_a_postgres_that_cannot_start_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "initdb").symlink_to("/bin/false")
    server = PostgresServer(binaries=tmp_path)
    with pytest.raises(EngineMissing, match="initdb"), server:
        pass
    assert not server.folder.exists()
