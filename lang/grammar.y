/* grammar.y: the language's syntax, for lemon. One action a rule, each a call of build.h.
 * Must not know how tokens come about: which words are keywords where is parser.c's.
 *
 * Recovery: every rule with `error` ends in a token that the driver skips to. An opening
 * bracket stays on the stack as itself while it is open (grammar_brackets counts them). */
%name grammar_lemon
%token_prefix T_
%token_type {const struct token *}
%extra_context {struct parser *p}
%stack_size 1200
%include {
#include <assert.h>
#include "lang/build.h"
}
%syntax_error { (void)yymajor; (void)yyminor; }
%stack_overflow { BUG("the grammar's stack is too small for PARSER_MAX_DEPTH"); }
%start_symbol file

// In the order of tokens.def. JUNK stands in no rule.
%token NAME QUOTED STRING DOLLAR NUMBER PARAM POSITION OPERATOR EQUAL QUESTION CAST
    COLON DOT COMMA SEMICOLON LPAREN RPAREN LBRACKET RBRACKET LBRACE RBRACE LABEL
    LONG_TYPE TIME_ZONE ACTION AS ASC BACKFILL BY CACHE CASCADE CHECK COLLATE
    COMPRESSION CONCURRENTLY CYCLE DEFAULT DEFERRABLE DEFERRED DELETE DESC DISTINCT
    DOMAIN DROPPED ENUM EXCLUDE EXEC EXTENSION FIRST FOREIGN FULL GENERATED IDENTITY
    IMMEDIATE INCLUDE INCREMENT INDEX INHERIT INITIALLY KEY LAST MANY MATCH MAXVALUE
    MAYBE MINVALUE NO NOT NULL NULLS ON ONE OWNED PAGE PRIMARY QUERY REFERENCES
    RESTRICT SCHEMA SECRET SEQUENCE SET SIMPLE SOFT START STORAGE TABLE TABLESPACE TYPE
    UNIQUE UNLOGGED UPDATE USING VERSION WAS WHERE WITH JUNK.

// Whatever SQL may hold but brackets and what separates.
%token_class sql_token NAME|QUOTED|STRING|DOLLAR|NUMBER|PARAM|POSITION|OPERATOR|EQUAL
    |QUESTION|CAST|COLON|DOT.

%type word {struct ast_name *}
%type name {struct ast_name *}
%type optname {struct ast_name *}
%type qword {struct ast_qname *}
%type qname {struct ast_qname *}
%type names {ast_names *}
%type cols {ast_names *}
%type optcols {ast_names *}
%type wasnames {ast_names *}
%type oldnames {ast_names *}
%type oldname {struct ast_name *}
%type cname {struct ast_c_name *}
%type optcname {struct ast_c_name *}

file ::= items.
items ::= .
items ::= items item.
items ::= items error SEMICOLON.
item ::= SEMICOLON.

// ---- names ----------------------------------------------------------------------------

// A word may be SQL's, in any case; a name is ours.
word(A) ::= NAME(T). { A = build_word(p, T); }
word(A) ::= QUOTED(T). { A = build_word(p, T); }
name(A) ::= word(W). { A = build_name(p, W); }
qword(A) ::= word(N). { A = build_qname(p, NULL, N); }
qword(A) ::= word(S) DOT word(N). { A = build_qname(p, S, N); }
qname(A) ::= name(N). { A = build_qname(p, NULL, N); }
qname(A) ::= name(S) DOT name(N). { A = build_qname(p, S, N); }
optname(A) ::= . { A = NULL; }
optname(A) ::= name(N). { A = N; }
names(A) ::= name(N). { A = build_names(p, NULL, N); }
names(A) ::= names(L) COMMA name(N). { A = build_names(p, L, N); }
cols(A) ::= LPAREN names(L) RPAREN. { A = L; }
optcols(A) ::= . { A = NULL; }
optcols(A) ::= cols(L). { A = L; }
cname(A) ::= AS NAME(T). { A = build_c_name(p, T); }
cname(A) ::= AS QUOTED(T). { A = build_c_name(p, T); }
optcname(A) ::= . { A = NULL; }
optcname(A) ::= cname(C). { A = C; }
wasnames(A) ::= WAS oldnames(L). { A = L; }
oldnames(A) ::= oldname(N). { A = build_names(p, NULL, N); }
oldnames(A) ::= oldnames(L) COMMA oldname(N). { A = build_names(p, L, N); }
oldname(A) ::= name(N). { A = N; }
oldname(A) ::= name(S) DOT name(N). { A = build_old_name(S, N); }

// ---- types ----------------------------------------------------------------------------

%type type {struct ast_type *}
%type rawtype {struct ast_type *}
%type plaintype {struct ast_type *}
%type ntype {struct ast_type *}
%type mods {struct modifiers *}
%type mod {struct range}
ntype(A) ::= type(T). { A = T; }
ntype(A) ::= type(T) QUESTION(Q). { A = build_nullable(T, Q); }
type(A) ::= rawtype(T). { A = build_checked_type(p, T); }
rawtype(A) ::= plaintype(T). { A = T; }
rawtype(A) ::= rawtype(T) LBRACKET RBRACKET(E). { A = build_array(T, E); }
rawtype(A) ::= rawtype(T) LBRACKET NUMBER RBRACKET(E). { A = build_array(T, E); }
plaintype(A) ::= qword(N). { A = build_type(p, N, NULL, NULL); }
plaintype(A) ::= qword(N) LPAREN mods(M) RPAREN(E). { A = build_type(p, N, M, E); }
plaintype(A) ::= LONG_TYPE(T). { A = build_long_type(p, T, NULL, NULL); }
plaintype(A) ::= LONG_TYPE(T) LPAREN mods(M) RPAREN(E). {
    A = build_long_type(p, T, M, E);
}
plaintype(A) ::= qword(N) TIME_ZONE(Z). {
    A = build_zone(p, build_type(p, N, NULL, NULL), Z);
}
plaintype(A) ::= qword(N) LPAREN mods(M) RPAREN(E) TIME_ZONE(Z). {
    A = build_zone(p, build_type(p, N, M, E), Z);
}
mods(A) ::= mod(M). { A = build_modifier(p, NULL, M); }
mods(A) ::= mods(L) COMMA mod(M). { A = build_modifier(p, L, M); }
mod(A) ::= NUMBER(T). { A = range_of(T, T); }
mod(A) ::= OPERATOR(S) NUMBER(T). { A = range_of(S, T); }
mod(A) ::= NAME(T). { A = range_of(T, T); }
mod(A) ::= STRING(T). { A = range_of(T, T); }

// ---- SQL: balanced tokens. sql stands in parentheses, body in a query's braces ---------

%type sql {struct range}
%type sqlitem {struct range}
%type body {struct range}
%type bodyitem {struct range}
%type nested {struct range}
%type paren {struct ast_sql}
sql(A) ::= . { A = range_of(NULL, NULL); }
sql(A) ::= sql(S) sqlitem(I). { A = range_join(S, I); }
sqlitem(A) ::= sql_token(T). { A = range_of(T, T); }
sqlitem(A) ::= COMMA(T). { A = range_of(T, T); }
sqlitem(A) ::= LPAREN(O) sql RPAREN(E). { A = range_of(O, E); }
sqlitem(A) ::= LBRACKET(O) sql RBRACKET(E). { A = range_of(O, E); }
paren(A) ::= LPAREN(O) sql(S) RPAREN. { A = build_paren(p, O, S); }
body(A) ::= . { A = range_of(NULL, NULL); }
body(A) ::= body(S) bodyitem(I). { A = range_join(S, I); }
bodyitem(A) ::= sql_token(T). { A = range_of(T, T); }
bodyitem(A) ::= COMMA(T). { A = range_of(T, T); }
bodyitem(A) ::= LPAREN(O) nested RPAREN(E). { A = range_of(O, E); }
bodyitem(A) ::= LBRACKET(O) nested RBRACKET(E). { A = range_of(O, E); }
bodyitem(A) ::= LBRACE(O) body RBRACE(E). { A = range_of(O, E); }
nested(A) ::= . { A = range_of(NULL, NULL); }
nested(A) ::= nested(S) bodyitem(I). { A = range_join(S, I); }

// ---- an expression that may go bare: literals, calls, casts, operators between them ----

%type bare {struct range}
%type term {struct range}
%type signs {struct range}
%type primary {struct range}
%type strings {struct range}
bare(A) ::= term(T). { A = T; }
bare(A) ::= bare(L) OPERATOR term(R). { A = range_join(L, R); }
bare(A) ::= bare(L) EQUAL term(R). { A = range_join(L, R); }
term(A) ::= primary(T). { A = T; }
term(A) ::= signs(S) primary(T). { A = range_join(S, T); }
signs(A) ::= OPERATOR(T). { A = range_of(T, T); }
signs(A) ::= signs(S) OPERATOR(T). { A = range_of(S.first, T); }
primary(A) ::= strings(T). { A = T; }
primary(A) ::= NUMBER(T). { A = range_of(T, T); }
primary(A) ::= DOLLAR(T). { A = range_of(T, T); }
primary(A) ::= sqlname(N). { A = N; }
primary(A) ::= sqlname(N) LPAREN sql RPAREN(E). { A = range_of(N.first, E); }
primary(A) ::= sqlname(N) strings(T). { A = range_join(N, T); }
primary(A) ::= sqlname(N) LBRACKET sql RBRACKET(E). { A = range_of(N.first, E); }
primary(A) ::= LPAREN(O) sql RPAREN(E). { A = range_of(O, E); }
primary(A) ::= primary(V) CAST rawtype(T). {
    A = range_of(V.first, last_token_of(p, T->span));
}
strings(A) ::= STRING(T). { A = range_of(T, T); }
strings(A) ::= strings(S) STRING(T). { A = range_of(S.first, T); }
%type sqlname {struct range}
%type sqlword {const struct token *}
sqlname(A) ::= sqlword(T). { A = range_of(T, T); }
sqlname(A) ::= sqlname(N) DOT sqlword(T). { A = range_of(N.first, T); }
sqlword(A) ::= NAME(T). { A = T; }
sqlword(A) ::= QUOTED(T). { A = T; }

// ---- heads ----------------------------------------------------------------------------

%type head {struct options *}
head(A) ::= . { A = arena_new(p->arena, struct options); }
head(A) ::= head(O) cname(C). { A = option_c_name(p, O, C); }
head(A) ::= head(O) wasnames(L). { A = option_was(p, O, L); }
head(A) ::= head(O) WITH(T) paren(S). { A = option_with(p, O, T, S); }
head(A) ::= head(O) TABLESPACE(T) name(N). { A = option_tablespace(p, O, T, N); }

// ---- include, schema, dropped ----------------------------------------------------------

item ::= INCLUDE(S) QUOTED(T) SEMICOLON(E). { build_include(p, S, T, E); }
item ::= schema LBRACE items RBRACE(E). { build_close(p, E); }
item ::= schema LBRACE items error RBRACE(E). { build_close(p, E); }
schema ::= SCHEMA(S) name(N) head(O). { build_schema(p, S, N, O); }

item ::= SCHEMA(S) name(N) DROPPED SEMICOLON(E). {
    build_dropped(p, AST_DECL_SCHEMA, build_unqualified(p, N), range_of(S, E));
}
item ::= TABLE(S) qname(N) DROPPED SEMICOLON(E). {
    build_dropped(p, AST_DECL_TABLE, N, range_of(S, E));
}
item ::= ENUM(S) qname(N) DROPPED SEMICOLON(E). {
    build_dropped(p, AST_DECL_ENUM, N, range_of(S, E));
}
item ::= DOMAIN(S) qname(N) DROPPED SEMICOLON(E). {
    build_dropped(p, AST_DECL_DOMAIN, N, range_of(S, E));
}
item ::= SEQUENCE(S) qname(N) DROPPED SEMICOLON(E). {
    build_dropped(p, AST_DECL_SEQUENCE, N, range_of(S, E));
}

// ---- enum ------------------------------------------------------------------------------

item ::= enum LBRACE RBRACE(E). { build_close(p, E); }
item ::= enum LBRACE values RBRACE(E). { build_close(p, E); }
item ::= enum LBRACE values COMMA RBRACE(E). { build_close(p, E); }
item ::= enum LBRACE error RBRACE(E). { build_close(p, E); }
item ::= enum LBRACE values error RBRACE(E). { build_close(p, E); }
enum ::= ENUM(S) qname(N) head(O). { build_enum(p, S, N, O); }
values ::= value.
values ::= values COMMA value.
%type label {const struct token *}
%type valueopts {struct value_options *}
value ::= name(N) label(L) valueopts(O). { build_value(p, N, L, O); }
value ::= name(N) label(L) DROPPED AS name(R). { build_dropped_value(p, N, L, R); }
label(A) ::= . { A = NULL; }
label(A) ::= EQUAL QUOTED(T). { A = T; }
label(A) ::= EQUAL STRING(T). { A = T; }
valueopts(A) ::= . { A = arena_new(p->arena, struct value_options); }
valueopts(A) ::= valueopts(O) cname(C). { A = value_c_name(p, O, C); }
valueopts(A) ::= valueopts(O) WAS name(N). { A = value_was(p, O, N); }

// ---- domain, sequence, extension --------------------------------------------------------

item ::= DOMAIN(S) qname(N) ntype(T) attrs(L) SEMICOLON(E). {
    build_domain(p, N, T, L, range_of(S, E));
}

%type seqhead {struct ast_sequence *}
%type seqopts {struct ast_sequence *}
%type seqopt {struct ast_sequence_option}
%type signed {struct range}
item ::= SEQUENCE(S) qname(N) seqhead(O) SEMICOLON(E). {
    build_sequence(p, N, O, range_of(S, E));
}
seqhead(A) ::= . { A = arena_new(p->arena, struct ast_sequence); }
seqhead(A) ::= AS type(T). { A = sequence_of_type(p, T); }
seqhead(A) ::= seqhead(O) seqopt(X). { A = sequence_option(p, O, X); }
seqhead(A) ::= seqhead(O) wasnames(L). { A = O; O->was = *L; }
seqhead(A) ::= seqhead(O) OWNED BY name(T) DOT name(C). {
    A = sequence_owner(p, O, build_qname(p, NULL, T), C);
}
seqhead(A) ::= seqhead(O) OWNED BY name(S) DOT name(T) DOT name(C). {
    A = sequence_owner(p, O, build_qname(p, S, T), C);
}
seqopts(A) ::= . { A = arena_new(p->arena, struct ast_sequence); }
seqopts(A) ::= seqopts(O) seqopt(X). { A = sequence_option(p, O, X); }
signed(A) ::= NUMBER(T). { A = range_of(T, T); }
signed(A) ::= OPERATOR(S) NUMBER(T). { A = range_of(S, T); }
seqopt(A) ::= START(F) signed(N). { A = option_number(F, N); }
seqopt(A) ::= START(F) WITH signed(N). { A = option_number(F, N); }
seqopt(A) ::= INCREMENT(F) signed(N). { A = option_number(F, N); }
seqopt(A) ::= INCREMENT(F) BY signed(N). { A = option_number(F, N); }
seqopt(A) ::= MINVALUE(F) signed(N). { A = option_number(F, N); }
seqopt(A) ::= MAXVALUE(F) signed(N). { A = option_number(F, N); }
seqopt(A) ::= CACHE(F) signed(N). { A = option_number(F, N); }
seqopt(A) ::= CYCLE(F). { A = option_word(F, F); }
seqopt(A) ::= NO(F) MINVALUE(T). { A = option_word(F, T); }
seqopt(A) ::= NO(F) MAXVALUE(T). { A = option_word(F, T); }
seqopt(A) ::= NO(F) CYCLE(T). { A = option_word(F, T); }

%type extopts {struct ast_extension *}
item ::= extension SEMICOLON(E). { build_close(p, E); }
item ::= extension LBRACE exttypes RBRACE(E). { build_close(p, E); }
item ::= extension LBRACE exttypes error RBRACE(E). { build_close(p, E); }
extension ::= EXTENSION(S) name(N) extopts(O). { build_extension(p, S, N, O); }
extopts(A) ::= . { A = arena_new(p->arena, struct ast_extension); }
extopts(A) ::= extopts(O) SCHEMA name(N). { A = O; O->schema = *N; }
extopts(A) ::= extopts(O) VERSION QUOTED(T). { A = O; O->version = *build_word(p, T); }
extopts(A) ::= extopts(O) VERSION STRING(T). { A = O; O->version = *build_word(p, T); }
exttypes ::= .
exttypes ::= exttypes TYPE(S) name(N) SEMICOLON(E). {
    build_extension_type(p, N, NULL, range_of(S, E));
}
exttypes ::= exttypes TYPE(S) name(N) AS type(T) SEMICOLON(E). {
    build_extension_type(p, N, T, range_of(S, E));
}
exttypes ::= exttypes SEMICOLON.
exttypes ::= exttypes error SEMICOLON.

// ---- tables ----------------------------------------------------------------------------

item ::= table LBRACE members RBRACE(E). { build_close(p, E); }
item ::= table LBRACE members error RBRACE(E). { build_close(p, E); }
table ::= TABLE(S) qname(N) head(O). { build_table(p, S, N, O); }
table ::= UNLOGGED(S) TABLE qname(N) head(O). { build_table(p, S, N, O); }
members ::= .
members ::= members member.
members ::= members SEMICOLON.
members ::= members error SEMICOLON.

member ::= name(N) optcname(C) ntype(T) attrs(L) SEMICOLON(E). {
    build_column(p, (struct column_parts){ N, C, T, L }, E);
}
member ::= name(N) DROPPED SEMICOLON(E). { build_dropped_column(p, N, E); }
member ::= PRIMARY(S) KEY optname(N) cols(L) options(O) SEMICOLON(E). {
    build_key(p, (struct key_parts){ true, false, N, L, O }, range_of(S, E));
}
member ::= UNIQUE(S) optname(N) cols(L) options(O) SEMICOLON(E). {
    build_key(p, (struct key_parts){ false, false, N, L, O }, range_of(S, E));
}
member ::= UNIQUE(S) optname(N) NULLS NOT DISTINCT cols(L) options(O) SEMICOLON(E). {
    build_key(p, (struct key_parts){ false, true, N, L, O }, range_of(S, E));
}
member ::= FOREIGN(S) KEY optname(N) cols(L) REFERENCES qname(T) optcols(C) options(O)
        SEMICOLON(E). {
    struct ast_references *target = build_references(p, T, C);
    build_foreign_key(p, (struct foreign_parts){ N, L, target, O }, range_of(S, E));
}
member ::= CHECK(S) optname(N) paren(X) options(O) SEMICOLON(E). {
    build_check(p, (struct check_parts){ N, X, O }, range_of(S, E));
}
%type exclude {struct index_parts *}
%type index {struct index_parts *}
member ::= EXCLUDE(S) exclude(X) SEMICOLON(E). { build_exclude(p, X, range_of(S, E)); }
exclude(A) ::= optname(N) LPAREN excluded(L) RPAREN options(O). {
    A = build_index_parts(p, N, NULL, L, O);
}
exclude(A) ::= optname(N) USING name(M) LPAREN excluded(L) RPAREN options(O). {
    A = build_index_parts(p, N, M, L, O);
}
member ::= INDEX(S) index(X) SEMICOLON(E). { build_index(p, X, range_of(S, E)); }
member ::= UNIQUE(S) INDEX index(X) SEMICOLON(E). {
    X->unique = true;
    build_index(p, X, range_of(S, E));
}
index(A) ::= optname(N) LPAREN elements(L) RPAREN options(O). {
    A = build_index_parts(p, N, NULL, L, O);
}
index(A) ::= optname(N) USING name(M) LPAREN elements(L) RPAREN options(O). {
    A = build_index_parts(p, N, M, L, O);
}

// Elements of an index: a column, a call or a parenthesised expression, then words.
%type elements {struct elements *}
%type element {struct ast_element *}
%type excluded {struct elements *}
%type exclusion {struct ast_element *}
%type operator {struct range}
elements(A) ::= element(E). { A = build_elements(p, NULL, E); }
elements(A) ::= elements(L) COMMA element(E). { A = build_elements(p, L, E); }
element(A) ::= word(N). { A = build_column_element(p, N); }
element(A) ::= qword(N) LPAREN sql RPAREN(E). {
    A = build_call_element(p, N, E);
}
element(A) ::= LPAREN(S) sql(X) RPAREN(E). {
    A = build_paren_element(p, X, range_of(S, E));
}
element(A) ::= element(X) COLLATE qname(N). { A = element_collate(p, X, N); }
element(A) ::= element(X) ASC(T). { A = element_order(p, X, T, false); }
element(A) ::= element(X) DESC(T). { A = element_order(p, X, T, true); }
element(A) ::= element(X) NULLS FIRST(T). { A = element_nulls(p, X, T, true); }
element(A) ::= element(X) NULLS LAST(T). { A = element_nulls(p, X, T, false); }
element(A) ::= element(X) qname(N). { A = element_opclass(p, X, N); }
element(A) ::= element(X) qname(N) LPAREN(S) sql(Q) RPAREN(E). {
    A = element_opclass_with(p, X, N, build_paren(p, S, Q), E);
}
excluded(A) ::= exclusion(E). { A = build_elements(p, NULL, E); }
excluded(A) ::= excluded(L) COMMA exclusion(E). { A = build_elements(p, L, E); }
exclusion(A) ::= element(X) WITH operator(O). { A = element_operator(p, X, O); }
operator(A) ::= OPERATOR(T). { A = range_of(T, T); }
operator(A) ::= EQUAL(T). { A = range_of(T, T); }
operator(A) ::= NAME(S) LPAREN sql RPAREN(E). { A = range_of(S, E); }

// ---- what follows a key, check, exclusion or index --------------------------------------

%type options {struct options *}
%type action {struct ast_action *}
%type match {enum ast_match}
%type defer {struct deferral}
options(A) ::= . { A = arena_new(p->arena, struct options); }
options(A) ::= options(O) INCLUDE(T) cols(L). { A = option_include(p, O, T, L); }
options(A) ::= options(O) WHERE(T) paren(S). { A = option_where(p, O, T, S); }
options(A) ::= options(O) WITH(T) paren(S). { A = option_with(p, O, T, S); }
options(A) ::= options(O) TABLESPACE(T) name(N). { A = option_tablespace(p, O, T, N); }
options(A) ::= options(O) CONCURRENTLY(T). { A = option_concurrently(p, O, T); }
options(A) ::= options(O) NULLS(S) NOT DISTINCT. { A = option_nulls(p, O, S); }
options(A) ::= options(O) NO(S) INHERIT(T). { A = option_no_inherit(p, O, S, T); }
options(A) ::= options(O) wasnames(L). { A = option_was(p, O, L); }
options(A) ::= options(O) cname(C). { A = option_c_name(p, O, C); }
options(A) ::= options(O) defer(D). { A = option_defer(O, D); }
options(A) ::= options(O) MATCH(T) match(M). { A = option_match(p, O, T, M); }
options(A) ::= options(O) ON(S) DELETE action(X). { A = option_delete(p, O, S, X); }
options(A) ::= options(O) ON(S) UPDATE action(X). { A = option_update(p, O, S, X); }
defer(A) ::= DEFERRABLE(T). { A = deferral(AST_DEFERRABLE, T, T); }
defer(A) ::= NOT(S) DEFERRABLE(T). { A = deferral(AST_NOT_DEFERRABLE, S, T); }
defer(A) ::= INITIALLY(S) DEFERRED(T). { A = deferral(AST_INITIALLY_DEFERRED, S, T); }
defer(A) ::= INITIALLY(S) IMMEDIATE(T). { A = deferral(AST_INITIALLY_IMMEDIATE, S, T); }
match(A) ::= FULL. { A = AST_MATCH_FULL; }
match(A) ::= SIMPLE. { A = AST_MATCH_SIMPLE; }
action(A) ::= CASCADE(T). { A = build_action(p, AST_ACTION_CASCADE, T, NULL); }
action(A) ::= RESTRICT(T). { A = build_action(p, AST_ACTION_RESTRICT, T, NULL); }
action(A) ::= NO ACTION(T). { A = build_action(p, AST_ACTION_NO_ACTION, T, NULL); }
action(A) ::= SET NULL(T) optcols(L). { A = build_action(p, AST_ACTION_SET_NULL, T, L); }
action(A) ::= SET DEFAULT(T) optcols(L). {
    A = build_action(p, AST_ACTION_SET_DEFAULT, T, L);
}

// ---- attributes of a column: a flat list, each begins with a word of its own -------------

%type attrs {struct attrs *}
%type expr {struct ast_sql}
%type counter {struct ast_sequence *}
expr(A) ::= bare(R). { A = build_sql(p, R); }
attrs(A) ::= . { A = arena_new(p->arena, struct attrs); }
attrs(A) ::= attrs(L) DEFAULT(S) expr(X). { A = attr_sql(p, L, AST_ATTR_DEFAULT, S, X); }
attrs(A) ::= attrs(L) ON(S) UPDATE expr(X). {
    A = attr_sql(p, L, AST_ATTR_ON_UPDATE, S, X);
}
attrs(A) ::= attrs(L) GENERATED(S) paren(X). {
    A = attr_sql(p, L, AST_ATTR_GENERATED, S, X);
}
attrs(A) ::= attrs(L) BACKFILL(S) paren(X). {
    A = attr_sql(p, L, AST_ATTR_BACKFILL, S, X);
}
attrs(A) ::= attrs(L) USING(S) paren(X). { A = attr_sql(p, L, AST_ATTR_USING, S, X); }
attrs(A) ::= attrs(L) CHECK(S) optname(N) paren(X). { A = attr_check(p, L, N, S, X); }
attrs(A) ::= attrs(L) IDENTITY(S). { A = attr_word(p, L, AST_ATTR_IDENTITY, S, S); }
attrs(A) ::= attrs(L) IDENTITY(S) BY DEFAULT(E). {
    A = attr_word(p, L, AST_ATTR_IDENTITY, S, E);
}
attrs(A) ::= attrs(L) IDENTITY(S) counter(C). {
    A = attr_identity(p, L, range_of(S, S), C);
}
attrs(A) ::= attrs(L) IDENTITY(S) BY DEFAULT(E) counter(C). {
    A = attr_identity(p, L, range_of(S, E), C);
}
counter(A) ::= LPAREN seqopts(O) RPAREN(E). { A = build_counter(p, NULL, O, E); }
counter(A) ::= LPAREN SEQUENCE name(N) seqopts(O) RPAREN(E). {
    A = build_counter(p, N, O, E);
}
attrs(A) ::= attrs(L) UNIQUE(S). { A = attr_word(p, L, AST_ATTR_UNIQUE, S, S); }
attrs(A) ::= attrs(L) UNIQUE(S) NULLS NOT DISTINCT(E). {
    A = attr_word(p, L, AST_ATTR_UNIQUE, S, E);
}
attrs(A) ::= attrs(L) PRIMARY(S) KEY(E). {
    A = attr_word(p, L, AST_ATTR_PRIMARY_KEY, S, E);
}
attrs(A) ::= attrs(L) REFERENCES(S) qname(N) optcols(C). {
    A = attr_references(p, L, S, build_references(p, N, C));
}
attrs(A) ::= attrs(L) COLLATE(S) qname(N). { A = attr_collate(p, L, S, N); }
attrs(A) ::= attrs(L) STORAGE(S) name(N). {
    A = attr_name(p, L, AST_ATTR_STORAGE, S, N);
}
attrs(A) ::= attrs(L) COMPRESSION(S) name(N). {
    A = attr_name(p, L, AST_ATTR_COMPRESSION, S, N);
}
attrs(A) ::= attrs(L) SECRET(S). { A = attr_word(p, L, AST_ATTR_SECRET, S, S); }
attrs(A) ::= attrs(L) VERSION(S). { A = attr_word(p, L, AST_ATTR_VERSION, S, S); }
attrs(A) ::= attrs(L) SOFT(S) DELETE(E). {
    A = attr_word(p, L, AST_ATTR_SOFT_DELETE, S, E);
}
attrs(A) ::= attrs(L) WAS(S) oldnames(N). { A = attr_was(p, L, S, N); }
attrs(A) ::= attrs(L) cname(C). { A = attr_c_name(L, C); }
attrs(A) ::= attrs(L) ON(S) DELETE action(X). { A = attr_action(p, L, true, S, X); }
attrs(A) ::= attrs(L) ON(S) UPDATE action(X). { A = attr_action(p, L, false, S, X); }
attrs(A) ::= attrs(L) MATCH(S) match(M). { A = attr_match(p, L, S, M); }
attrs(A) ::= attrs(L) defer(D). { A = attr_defer(p, L, D); }
attrs(A) ::= attrs(L) NOT(S) NULL(T). { A = attr_null(p, L, S, T); }
attrs(A) ::= attrs(L) NULL(T). { A = attr_null(p, L, T, T); }

// ---- queries ---------------------------------------------------------------------------

item ::= query LBRACE(S) body RBRACE(E). { build_query_end(p, S, E); }
item ::= query LBRACE(S) body error RBRACE(E). { build_query_end(p, S, E); }
item ::= query SEMICOLON(E). { build_query_end(p, NULL, E); }
query ::= queryname params signature.
queryname ::= QUERY(S) qname(N) optcname(C). { build_query(p, S, N, C); }
params ::= .
params ::= LPAREN RPAREN.
params ::= LPAREN paramlist RPAREN.
paramlist ::= param.
paramlist ::= paramlist COMMA param.
param ::= name(N). { build_param(p, N, NULL, NULL); }
param ::= name(N) QUESTION(Q). { build_param(p, N, NULL, Q); }
param ::= name(N) ntype(T). { build_param(p, N, T, NULL); }
param ::= name(N) LBRACE choices(C) RBRACE(E). { build_choice_param(p, N, C, E, NULL); }
param ::= name(N) LBRACE choices(C) RBRACE(E) QUESTION(Q). {
    build_choice_param(p, N, C, E, Q);
}
param ::= name(N) QUESTION(Q) LBRACE choices(C) RBRACE(E). {
    build_choice_param(p, N, C, E, Q);
}
%type choices {struct range}
choices(A) ::= LABEL(T). { A = range_of(T, T + 1); }
choices(A) ::= choices(C) sqlchoice(I). { A = range_join(C, I); }
choices(A) ::= choices(C) COMMA sqlchoice(I). { A = range_join(C, I); }
choices(A) ::= choices(C) COMMA LABEL(T). { A = range_of(C.first, T + 1); }
%type sqlchoice {struct range}
sqlchoice(A) ::= sql_token(T). { A = range_of(T, T); }
sqlchoice(A) ::= LPAREN(O) sql RPAREN(E). { A = range_of(O, E); }
sqlchoice(A) ::= LBRACKET(O) sql RBRACKET(E). { A = range_of(O, E); }

signature ::= .
signature ::= EXEC(T). { build_want(p, AST_WANT_EXEC, T); }
signature ::= want result relations page.
want ::= ONE(T). { build_want(p, AST_WANT_ONE, T); }
want ::= MAYBE(T). { build_want(p, AST_WANT_MAYBE, T); }
want ::= MANY(T). { build_want(p, AST_WANT_MANY, T); }
result ::= ntype(T). { build_result(p, T, T->span); }
result ::= LPAREN(S) fields RPAREN(E). { build_result(p, NULL, tokens_span(S, E)); }
fields ::= field.
fields ::= fields COMMA field.
field ::= name(N) ntype(T). { build_field(p, N, T); }
relations ::= .
relations ::= WITH relationlist.
relationlist ::= relation.
relationlist ::= relationlist COMMA relation.
relation ::= qname(N). { build_relation(p, N, NULL, N->span); }
relation ::= qname(N) ON LPAREN names(L) RPAREN(E). {
    build_relation(p, N, L, E->span);
}
page ::= .
page ::= PAGE BY pagekeys.
pagekeys ::= pagekey.
pagekeys ::= pagekeys COMMA pagekey.
pagekey ::= name(N). { build_page_key(p, N, NULL, false); }
pagekey ::= name(N) ASC(T). { build_page_key(p, N, T, false); }
pagekey ::= name(N) DESC(T). { build_page_key(p, N, T, true); }

// ---- the tables, read from outside -------------------------------------------------------

%code {
#include <stdlib.h>

struct grammar *grammar_new(struct parser *p)
{
    void *parser = grammar_lemonAlloc(malloc, p);
    if (!parser)
        out_of_memory();
    return parser;
}

void grammar_free(struct grammar *grammar)
{
    grammar_lemonFree(grammar, free);
}

void grammar_feed(struct grammar *grammar, enum token_kind kind, const struct token *token)
{
    grammar_lemon(grammar, (int)kind, token);
}

void grammar_fail(struct grammar *grammar, const struct token *token)
{
    grammar_lemon(grammar, T_JUNK, token);
}

/* A copy of the stack's top, made as it is needed: states above what is left of it. */
struct trial {
    const yyParser *parser;
    const yyStackEntry *left; /* the topmost entry of the real stack still in use */
    YYACTIONTYPE over[100];   /* states on top of it; no rule nests deeper unread */
    int nover;
};

static YYACTIONTYPE trial_top(const struct trial *trial)
{
    return trial->nover > 0 ? trial->over[trial->nover - 1] : trial->left->stateno;
}

static void trial_pop(struct trial *trial, int n)
{
    int mine = n < trial->nover ? n : trial->nover;
    trial->nover -= mine;
    trial->left -= n - mine;
}

static void trial_reduce(struct trial *trial, int rule)
{
    trial_pop(trial, -yyRuleInfoNRhs[rule]);
    YYACTIONTYPE next = yy_find_reduce_action(trial_top(trial), yyRuleInfoLhs[rule]);
    trial->over[trial->nover++] = next;
}

/* lemon's own loop without its actions. A pending shift-reduce stands on the stack as an
 * action above YY_MAX_SHIFT and is reduced first, as lemon does. */
static bool trial_take(struct trial *trial, YYCODETYPE kind)
{
    while (trial->nover < (int)(sizeof trial->over / sizeof *trial->over) - 1) {
        YYACTIONTYPE action = trial_top(trial);
        if (action <= YY_MAX_SHIFT)
            action = yy_find_shift_action(kind, action);
        else if (action <= YY_MAX_SHIFTREDUCE)
            action = (YYACTIONTYPE)(action + YY_MIN_REDUCE - YY_MIN_SHIFTREDUCE);
        if (action == YY_ACCEPT_ACTION)
            return true;
        if (action >= YY_MIN_REDUCE) {
            trial_reduce(trial, action - YY_MIN_REDUCE);
            continue;
        }
        if (action > YY_MAX_SHIFTREDUCE)
            return false;
        trial->over[trial->nover++] = action;
        return true;
    }
    return false;
}

bool grammar_takes(const struct grammar *grammar, const enum token_kind *kinds, size_t n)
{
    const yyParser *parser = (const void *)grammar;
    struct trial trial = { .parser = parser, .left = parser->yytos };
    for (size_t i = 0; i < n; i++)
        if (!trial_take(&trial, (YYCODETYPE)kinds[i]))
            return false;
    return true;
}

size_t grammar_brackets(const struct grammar *grammar)
{
    const yyParser *parser = (const void *)grammar;
    size_t n = 0;
    for (const yyStackEntry *entry = parser->yystack; entry <= parser->yytos; entry++)
        n += entry->major == T_LBRACE || entry->major == T_LPAREN ||
             entry->major == T_LBRACKET;
    return n;
}
}
