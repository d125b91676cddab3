-- 0001_init, down: drops 1 schema, 1 enum, 5 tables, 4 indexes, 3 foreign keys.
--
-- Apply with: psql -v ON_ERROR_STOP=1 -f 0001_init.down.sql
--
-- id:     89880297fa23027b1c5e103bcfde81e41b0877a33f9acd00ed3f9ea2307b5cdf
-- parent: none
-- from:   0eb3dc00544ffe3692d105529abd79d27215603a168b187745502cee52a44f3d
-- to:     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

begin;

drop table auth.feedback;
drop table auth.verification_tokens;
drop table auth.sessions;
drop table auth.accounts;
drop table auth.users;
drop type auth.account_type;
drop schema auth;

commit;
