"""A mail server for tests: it takes, refuses or breaks off, and remembers what it took."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.recipient_answer = "250 ok"
        self.data_answer: str | None = "250 kept"  # None: break off after taking the message
        super().__init__(("127.0.0.1", 0), Dialogue)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Dialogue(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"RCPT":
                    self.say(self.server.recipient_answer)
                case b"DATA":
                    self.say("354 go on")
                    self.server.taken.append(message_from_bytes(self._message()))
                    if self.server.data_answer is None:
                        return
                    self.say(self.server.data_answer)
                case b"QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line)
        return b"".join(lines)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
