import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { serve } from './serve';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serve(connection);
connection.listen();
// The editor is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));
