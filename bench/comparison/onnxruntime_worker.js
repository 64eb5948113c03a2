// ONNX Runtime as a worker: worker.py says what that is.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const ort = require('onnxruntime-node');

// The numbers of a .npy file of format 1: two bytes at 8 hold the length of the header behind them.
function loadNpy(file) {
  const bytes = fs.readFileSync(file);
  const begin = 10 + bytes.readUInt16LE(8);
  return new Float32Array(new Uint8Array(bytes.subarray(begin)).buffer);
}

async function main() {
  const job = JSON.parse(process.argv[2]);
  const session = await ort.InferenceSession.create(job.model + '.onnx', {
    executionProviders: ['cpu'],
    intraOpNumThreads: job.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const inputs = {};
  for (const [name, file, shape] of job.inputs) {
    inputs[name] = new ort.Tensor('float32', loadNpy(file), shape);
  }
  const outputs = await session.run(inputs);
  job.outputs.forEach((_, index) => {
    const {buffer, byteOffset, byteLength} = outputs[`output${index}`].data;
    fs.writeFileSync(path.join(job.results, `${index}.f32`),
                     new Uint8Array(buffer, byteOffset, byteLength));
  });
  if (job.task === 'once') return;

  const version = ort.env.versions.node || ort.env.versions.common;
  console.log(JSON.stringify({version: version, variant: ''}));
  for await (const line of readline.createInterface({input: process.stdin})) {
    const times = [];
    for (let i = 0; i < Number(line); ++i) {
      const start = process.hrtime.bigint();
      await session.run(inputs);
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    console.log(JSON.stringify(times));
  }
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
