export { sha256 } from '../src/node/sha256';
