"""Drops files on a window as a file manager does (XDND version 5).

usage: xdnd.py WINDOW X Y FILE...      X and Y in the root window
Exit code 0 once the window has taken the drop.
"""
import select
import sys
import time
from urllib.parse import quote

from Xlib import X, display
from Xlib.protocol import event

PATIENCE_S = 10


class Source:
    def __init__(self, window, x, y, files):
        self.display = display.Display()
        self.position = (x << 16) | y
        self.target = self.display.create_resource_object("window", window)
        screen = self.display.screen()
        self.own = screen.root.create_window(0, 0, 1, 1, 0, screen.root_depth)
        self.uri_list = self.atom("text/uri-list")
        self.payload = "".join(f"file://{quote(name)}\r\n" for name in files).encode()
        self.own.set_selection_owner(self.atom("XdndSelection"), X.CurrentTime)

    def atom(self, name):
        return self.display.intern_atom(name)

    def send(self, name, *data):
        message = event.ClientMessage(window=self.target, client_type=self.atom(name), data=(32, [self.own.id, *data]))
        self.target.send_event(message, event_mask=0)
        self.display.flush()

    def answer(self, request):
        request.requestor.change_property(request.property, self.uri_list, 8, self.payload)
        note = event.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=request.property,
        )
        request.requestor.send_event(note, event_mask=0)
        self.display.flush()

    def drop(self):
        self.send("XdndEnter", 5 << 24, self.uri_list, 0, 0)
        self.send("XdndPosition", 0, self.position, X.CurrentTime, self.atom("XdndActionCopy"))
        dropped = False
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if not self.display.pending_events():
                select.select([self.display], [], [], 0.1)
                if not self.display.pending_events():
                    continue
            got = self.display.next_event()
            if got.type == X.SelectionRequest:
                self.answer(got)
            elif got.type == X.ClientMessage:
                name = self.display.get_atom_name(got.client_type)
                if name == "XdndStatus" and not dropped:
                    if not got.data[1][1] & 1:
                        return "the window does not take drops"
                    dropped = True
                    self.send("XdndDrop", 0, X.CurrentTime, 0, 0)
                elif name == "XdndFinished":
                    return None
        return "the window did not answer"


if __name__ == "__main__":
    problem = Source(int(sys.argv[1], 0), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]).drop()
    if problem:
        sys.exit(f"xdnd: {problem}")
