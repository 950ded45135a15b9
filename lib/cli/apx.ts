#!/usr/bin/env node
import { main } from './main.ts';
import { processStreams } from './terminal/streams.ts';

// A reader such as `head` may close the pipe early; there is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), processStreams());
