/**
 * Runs inside the worker thread of one execution environment: loads the bundle's handler, then answers invocations
 * one at a time. Plain JavaScript, because a worker starts without the loader that compiles TypeScript.
 */
const path = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');

const port = parentPort;
if (port === null) throw new Error('bootstrap.cjs runs in a worker thread only');

// What a function prints has to reach the host before its answer, so it takes the same way.
for (const stream of ['stdout', 'stderr']) {
  process[stream].write = (chunk, encoding, callback) => {
    port.postMessage({ kind: 'output', text: Buffer.from(chunk).toString('utf8') });
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done !== undefined) queueMicrotask(done);
    return true;
  };
}
for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
  console[level] = (...values) => process.stdout.write(`${require('node:util').format(...values)}\n`);
}

function describe(error) {
  const { name = 'Error', message = String(error), stack = '' } = error instanceof Error ? error : {};
  return { errorType: name, errorMessage: message, trace: stack };
}

const [file, exported] = workerData.handler.split('.');
const handler = require(path.join(workerData.bundleDirectory, file))[exported];
if (typeof handler !== 'function') {
  throw new Error(`${workerData.handler} of ${workerData.bundleDirectory} is not a function`);
}
port.postMessage({ kind: 'ready' });

port.on('message', async ({ requestId, payload, deadline }) => {
  const context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: workerData.arn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const answer = await handler(JSON.parse(payload), context);
    port.postMessage({ kind: 'answer', requestId, payload: JSON.stringify(answer ?? null) });
  } catch (error) {
    port.postMessage({ kind: 'failure', requestId, failure: describe(error) });
  }
});
