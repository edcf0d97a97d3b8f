/**
 * Stops a server when the process is told to end (SIGINT, SIGTERM): the first signal stops gracefully, a second one ends
 * at once. The process exits with 0 after a graceful stop, with 1 if that failed.
 */
export function stopOnSignals(close: () => Promise<void>, say: (line: string) => void = () => {}): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    say(`${signal}: stopping after the calls in progress …`);
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`Stopping failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
