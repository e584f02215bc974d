// forward ADDRESS SOCKET: RWS as a network sees it. Connections to a free port of ADDRESS go on to the socket of a file, which no network
// namespace keeps apart. Frozen, it is a server that does not answer; ended, one that refuses.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const [address = '127.0.0.1', socketFile = '', port = '0'] = process.argv.slice(2);

function join(client: Socket): void {
  const server = connect(socketFile);
  const both = [client, server];
  for (const socket of both) socket.on('error', () => undefined).on('close', () => both.forEach((other) => other.destroy()));
  client.pipe(server);
  server.pipe(client);
}

const listener = createServer(join);
listener.listen(Number(port), address, () => process.stdout.write(`listening ${(listener.address() as AddressInfo).port}\n`));
// Whoever started it is gone.
process.stdin.resume().on('end', () => process.exit(0));
