import { type Copy, DockerfileParser, type Env, type From, type JSONInstruction } from 'dockerfile-ast';
import { z } from 'zod';

/** What a Dockerfile does, stage by stage; of what it may say only what ours says. */
export type Stage = { name: string; steps: Step[] };

export type Step =
	| { kind: 'workdir'; path: string }
	| { kind: 'copy'; stage: string | undefined; from: string; to: string }
	| { kind: 'run'; command: string }
	| { kind: 'env'; values: Record<string, string> }
	| { kind: 'user'; name: string }
	| { kind: 'entrypoint' | 'command' | 'health'; words: string[] }
	| { kind: 'signal'; name: string };

const Words = z.array(z.string()).min(1);

/** Throws at an instruction that it does not know, so that none is left out unnoticed. */
export function readDockerfile(text: string): Stage[] {
	const stages: Stage[] = [];
	for (const instruction of DockerfileParser.parse(text).getInstructions()) {
		const said = instruction.getRawArgumentsContent() ?? '';
		const steps = stages.at(-1)?.steps;
		switch (instruction.getKeyword()) {
			case 'FROM':
				stages.push({ name: (instruction as From).getBuildStage() ?? '', steps: [] });
				break;
			case 'WORKDIR':
				steps?.push({ kind: 'workdir', path: said });
				break;
			case 'COPY':
				steps?.push(readCopy(instruction as Copy));
				break;
			case 'RUN':
				steps?.push({ kind: 'run', command: said });
				break;
			case 'ENV':
				steps?.push({ kind: 'env', values: readEnv(instruction as Env) });
				break;
			case 'USER':
				steps?.push({ kind: 'user', name: said });
				break;
			case 'ENTRYPOINT':
				steps?.push({ kind: 'entrypoint', words: readWords(instruction as JSONInstruction) });
				break;
			case 'CMD':
				steps?.push({ kind: 'command', words: readWords(instruction as JSONInstruction) });
				break;
			case 'HEALTHCHECK':
				steps?.push({ kind: 'health', words: Words.parse(JSON.parse(said.replace(/^CMD\s+/, ''))) });
				break;
			case 'STOPSIGNAL':
				steps?.push({ kind: 'signal', name: said });
				break;
			case 'ARG':
			case 'EXPOSE':
				break;
			default:
				throw new Error(`Nobody carries out ${instruction.getKeyword()} here`);
		}
	}
	return stages;
}

function readCopy(instruction: Copy): Step {
	const [from = '', to = ''] = instruction.getArguments().map((argument) => argument.getValue());
	return { kind: 'copy', stage: instruction.getFromFlag()?.getValue() ?? undefined, from, to };
}

function readEnv(instruction: Env): Record<string, string> {
	return Object.fromEntries(
		instruction.getProperties().map((each) => [each.getName(), each.getValue() ?? '']),
	);
}

/** Only the form in which no shell stands between the signal and the program. */
function readWords(instruction: JSONInstruction): string[] {
	return Words.parse(instruction.getJSONStrings().map((word) => word.getJSONValue()));
}
