import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { serveSurvey } from './survey/serve';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serveSurvey(connection);
connection.listen();
process.on('disconnect', () => process.exit(0));
