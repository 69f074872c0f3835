export { buildDashboard, dashboardDir } from './dashboard.ts';
export { createLinkedUsers, type LinkedUser } from './linked-users.ts';
export { seedSimulatedNetwork } from './seed.ts';
export { askSimulator, createSimulatedPerson, type SimulatedPerson } from './simulated-person.ts';
export type { ProcessOptions } from './system/processes.ts';
export type { ServiceProcess } from './system/service-process.ts';
export type { ServiceName } from './system/services.ts';
export { type System, type SystemOptions, startSystem } from './system/system.ts';
