#!/usr/bin/env node
import process from 'node:process';
import { runUnderstudy } from './run-understudy.ts';
import { processTerminal } from './terminal/terminal.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new DOMException('Interrupted.', 'AbortError')));
process.once('SIGTERM', () => stop.abort(new DOMException('Terminated.', 'AbortError')));
// A reader that closes early (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runUnderstudy(process.argv.slice(2), processTerminal(), stop.signal);
