import { runFaultyServer } from '../../src/node/faulty-server.ts'

runFaultyServer()
