#!/usr/bin/env python3
"""A proxy that turns slow: hands bytes on to another one.

    relay.py PORT TARGET-PORT SLOW-FILE SECONDS

Once SLOW-FILE is there, each first byte comes back SECONDS late. Prints one
line a connection's end: "BEGIN END", in seconds, where END is before the
client can see any of the answer.
"""
import asyncio
import os
import sys
import time

port, target, slow, seconds = sys.argv[1:]


async def hand(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def client(reader, writer):
    first = await reader.read(65536)
    if not first:
        writer.close()
        return
    began = time.time()
    up_reader, up_writer = await asyncio.open_connection("127.0.0.1",
                                                         int(target))
    up_writer.write(first)
    back = await up_reader.read(65536)
    if os.path.exists(slow):
        await asyncio.sleep(float(seconds))
    print("%.3f %.3f" % (began, time.time()), flush=True)
    writer.write(back)
    await asyncio.gather(hand(reader, up_writer), hand(up_reader, writer),
                         return_exceptions=True)


async def main():
    server = await asyncio.start_server(client, "127.0.0.1", int(port))
    async with server:
        await server.serve_forever()


asyncio.run(main())
