import { runFaultyServer } from '../../../src/node/faulty-server.ts'
import { answerByEndpoint } from './endpoints.ts'

runFaultyServer(answerByEndpoint)
