/** What tests of several packages need: real brokers, a log to read, a service and a peer on one bus, gaps of the event loop. */
export { ALLOWED_GAP_MS, type LoopGap, type LoopGapOptions, loopGap } from './loop-gap.ts';
export {
  mosquittoPath,
  startTestBroker,
  type TestBroker,
  type TestBrokerOptions,
} from './test-broker.ts';
export { type RecordedLog, recordLog } from './test-log.ts';
export {
  collect,
  type Collected,
  connectPeer,
  reportOf,
  runTestService,
  type TestService,
} from './test-service.ts';
