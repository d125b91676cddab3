-- 0001_init, up: create 1 schema, 1 enum, 5 tables
--
-- Apply with: schemac migrate, or psql -v ON_ERROR_STOP=1 -f 0001_init.up.sql
--
-- id:     f793210ce32c74279cfff12fc98d214d3e8e01490669b1ba9e60279216d143e6
-- parent: none
-- from:   e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- to:     0eb3dc00544ffe3692d105529abd79d27215603a168b187745502cee52a44f3d
-- sum:    d961a92942089eaf520e24abf748faf9aa4a8729a69fa9396de5d42fbe1c13bc
-- order:  migrate first
-- down:   lossy: auth.feedback, auth.verification_tokens, auth.sessions, auth.accounts, auth.users

-- step 1 of 1: create schema auth; create enum auth.account_type; and 9 more
--   locks: none
--   cost: meta
--   down: lossy: auth.feedback, auth.verification_tokens, auth.sessions, auth.accounts, auth.users
begin;

create schema auth;
create type auth.account_type as enum ('oauth', 'oidc', 'email', 'webauthn');

create table auth.users (
    id text not null,
    name text,
    email text not null,
    email_verified timestamptz,
    image text,
    created_at timestamptz default now() not null,
    updated_at timestamptz default now() not null,
    constraint users_pkey primary key (id),
    constraint users_email_key unique (email)
);
comment on table auth.users is 'A person who can sign in.';
comment on column auth.users.email is 'Lower-case; the sign-in name.';

create table auth.accounts (
    user_id text not null,
    type auth.account_type not null,
    provider text not null,
    provider_account_id text not null,
    refresh_token text,
    access_token text,
    expires_at int8,
    token_type text,
    scope text,
    id_token text,
    session_state text,
    constraint accounts_pkey primary key (provider, provider_account_id)
);
create index accounts_user_id_idx on auth.accounts (user_id);
comment on table auth.accounts is 'A sign-in provider linked to a user.';

create table auth.sessions (
    session_token text not null,
    user_id text not null,
    expires timestamptz not null,
    constraint sessions_pkey primary key (session_token)
);
create index sessions_user_id_idx on auth.sessions (user_id);
create index sessions_expires_idx on auth.sessions (expires);

create table auth.verification_tokens (
    identifier text not null,
    token text not null,
    expires timestamptz not null,
    constraint verification_tokens_pkey primary key (identifier, token)
);

create table auth.feedback (
    id int8 generated always as identity not null,
    user_id text,
    rating int2 not null,
    message text not null,
    metadata jsonb default '{}' not null,
    created_at timestamptz default now() not null,
    constraint feedback_pkey primary key (id),
    constraint feedback_rating_check check (rating between 1 and 5)
);
create index feedback_user_id_created_at_id_idx on auth.feedback (user_id, created_at desc, id desc);

alter table auth.accounts
    add constraint accounts_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade;

alter table auth.sessions
    add constraint sessions_user_id_fkey foreign key (user_id) references auth.users (id) on delete cascade;

alter table auth.feedback
    add constraint feedback_user_id_fkey foreign key (user_id) references auth.users (id) on delete set null;

comment on schema auth is 'Who may sign in, and how.';

commit;
