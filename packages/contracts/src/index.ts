export { Change, type ChangeTopic, changeTopics } from './change.ts';
export {
	addressedByUser,
	type Contract,
	contract,
	type Entry,
	entries,
	type ServiceName,
	servedBy,
} from './contract.ts';
export { type AsyncApi, eventsAsyncApi, webhooksAsyncApi } from './derive/async-api.ts';
export { apiOpenApi, type OpenApi } from './derive/open-api.ts';
export { type Route, routes } from './derive/routes.ts';
export { type JsonSchema, jsonSchema } from './derive/schema.ts';
export { type Tool, tools } from './derive/tools.ts';
export { postedEventTypes, webhookExample, webhookPayload } from './derive/webhook-payload.ts';
export { AppError, describeFaults, ErrorBody, type ErrorCode, errorTable, toAppError } from './errors.ts';
export { EventHead, type EventSpec, Sealed } from './event.ts';
export { keepers } from './events/account.ts';
export {
	type EventData,
	EventEnvelope,
	type EventType,
	eventSpec,
	events,
	eventTypes,
	webhookEventTypes,
} from './events/catalogue.ts';
export {
	assertConfirmed,
	assertGroupGranted,
	assertGroupsGranted,
	assertInTime,
	assertPermitted,
	confirmationNeeded,
	confirmationOf,
	Grant,
	groupNotStarred,
	isPermitted,
} from './grant.ts';
export {
	Cursor,
	GroupJid,
	IdempotencyKey,
	Instant,
	MemberJid,
	MessageId,
	Phone,
	SubjectToken,
	UserId,
} from './ids.ts';
export {
	type AnyOperation,
	type Call,
	commonErrors,
	type DomainHandlers,
	type Handlers,
	type InternalCall,
	type InternalOperation,
	isReadOnly,
	type Operation,
	type ServiceContract,
} from './operation.ts';
export { type AuditEntry, auditOutcomes } from './operations/audit.ts';
export { DeliveryFault } from './operations/deliveries.ts';
export { DeviceReason, DeviceState, linkMethods, networks } from './operations/devices.ts';
export { Coverage, Media, Message, MessageContent, MessageKind, Person, Role } from './operations/shapes.ts';
export { Confirmation } from './operations/tokens.ts';
export {
	BackupCode,
	ChangeEmail,
	ChangePassword,
	ConfirmEmail,
	DeleteAccount,
	EmailChange,
	EntryOptions,
	ForgottenPassword,
	Invitation,
	InvitationLink,
	Language,
	languages,
	ResetPassword,
	SignIn,
	SignUp,
	TotpCode,
	UpdatePerson,
	WithPassword,
} from './people.ts';
export { type Program, programs } from './programs.ts';
export { allScopes, Scope, scopeTable, TokenScope, tokenScopes } from './scopes.ts';
export {
	changeSubject,
	changeSubjects,
	eventFilters,
	eventSubject,
	operationSubject,
	serviceSubjects,
	signalSubject,
	signalSubjects,
	userEventsFilter,
} from './subjects.ts';
