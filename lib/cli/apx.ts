#!/usr/bin/env node
import { main } from './main.ts';
import { processStreams } from './terminal/streams.ts';

// Whoever reads may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2), processStreams());
