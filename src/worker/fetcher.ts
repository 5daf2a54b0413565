import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { serveAdding } from './library/serveAdding';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serveAdding(connection);
connection.listen();
// What has come stays for the next time.
process.on('disconnect', () => process.exit(0));
