/** The program `hearth`. */
import { runCli } from './run-cli.ts';

await runCli(process.argv);
