# schemac: how everything is built, tested and installed. `make help` lists the targets.
#
# Out of tree: BUILD=/tmp/x make ... leaves the sources alone. CC, CXX, CFLAGS, LDFLAGS,
# PREFIX and DESTDIR are honoured; WERROR= turns warnings back into warnings.
# V=1 shows the commands. A new source file is added to its room's list, a new test to
# that room's *_TESTS.

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
CFLAGS  ?= -O2 -g
WERROR  ?= -Werror
VERSION := $(shell sed -n 's/^.define SC_VERSION "\(.*\)"/\1/p' runtime/sc.h)
SOMAJOR := 0

# ---- what there is ---------------------------------------------------------------

# A file a word, without its folder and ending. (LANG is the locale's.)
BASE    := arena buf bug diag diag_json diag_text digest file outputs source str \
           suggest vec
LANG_   := lexer grammar token encoding parser soft repair repair_member \
           recover refuse expect lost follow_up build build_type build_options build_attr build_member build_decl \
           build_query types format format_role format_run format_table model scan \
           includes names names_expression resolve resolve_load resolve_declare \
           resolve_lookup \
           resolve_type resolve_objects resolve_sequence resolve_column \
           resolve_member resolve_index \
           resolve_reference resolve_dropped resolve_order resolve_names resolve_query resolve_result \
           resolve_param resolve_body resolve_relation resolve_secret rules_column \
           rules_default rules_hint rules_index rules_literal rules_page \
           rules_reference rules_function rules_storage rules_number rules_label \
           rules_word
SQL     := alter ddl ddl_comment ddl_constraint ddl_index ddl_table quote stmt \
           stmt_body stmt_column stmt_given stmt_keyed stmt_list stmt_maker stmt_page \
           stmt_parts stmt_query stmt_related stmt_write write
EMIT    := bodies cursors doc_columns doc_funcs emit enums files form func given judge \
           lexis names names_check protos rows streams structs unit writer
MIGRATE := casts change change_name change_object change_table detach detach_type fingerprint \
           draft file history impact impact_fate impact_index impact_query impact_type \
           plan_json plan_sarif match match_doubt match_moved match_objects match_parts match_sql \
           match_things merge merge_prints merge_report merge_text plan planner \
           planner_names prove prove_text question questions questions_exclude questions_key \
           questions_type rebuild rebuild_uses recipe_column recipe_comment recipe_constraint \
           recipe_domain recipe_enum recipe_extension recipe_index recipe_null recipe_numbering \
           recipe_schema recipe_sequence recipe_table recipe_type renames renames_known storage \
           texts
RUNTIME := error status version \
           $(addprefix value/,civil date decimal enum inet interval numeric time timestamp \
           uuid) \
           $(addprefix codec/,array binary column copied copy digits encode form list literal \
           memory row rows value whole) \
           $(addprefix net/,abort cancel conn connect connecting fork helper io late lookup \
           route) \
           $(addprefix statement/,ask describe plan text types) \
           $(addprefix trip/,batch batch_run batch_take cancelled flight mend send take trip) \
           $(addprefix call/,block cursor insert insert_many job nested query results run \
           update upsert_many) \
           $(addprefix bulk/,copy_line copy_out load load_from load_rows stream stream_open) \
           $(addprefix db/,db hooks stats tx tx_run tx_text with) \
           $(addprefix pool/,pool replicas session shelf tend waiting) \
           $(addprefix loop/,async async_fly async_time line listen)
FAKE    := bounds fill pool value words
LIVE    := clean clean_between clean_casts clean_default clean_in clean_name \
           clean_parens compare live pieces put put_keys put_table queries \
           queries_lost read read_keys read_tables read_types rows settle shape target
SQLTEXT := lexer statement text
RUNNER  := apply ask catalog_sql chain compare draft drift fail fits folder history \
           layout lock loss mark mem polite resume script script_head script_steps seed \
           session state step undo
CERTIFY := bench catalog certify judge keep keep_sequences proof report sampler spare watch
CLUSTER := process project scratch server
CLI     := backup certified cmd_compile cmd_db cmd_diff cmd_embed cmd_fmt cmd_help cmd_make \
           cmd_migrate cmd_pull cmd_rebase cmd_repair cmd_seed cmd_squash cmd_status conf depfile dotenv gate \
           generator heads help job load manual options options_table pending precious report report_json \
           say session stamp stamp_files stats tally

# tests/unit/NAME_test.c, by the highest room that a test may reach; tests/db/NAME_test.c
# additionally gets a database.
BASE_TESTS    := base diag outputs suggest
LANG_TESTS    := types pg_names resolve resolve_keys resolve_query lexer parser parser_limits \
                 parser_table format mistakes
SQL_TESTS     := quote sql
EMIT_TESTS    := c_names errors writer
MIGRATE_TESTS := change fingerprint history impact match merge plan
RUNTIME_TESTS := codec_array codec_bulk codec_copied codec_param codec_rows codec_value copy_line \
                 value value_time vectors
SQLTEXT_TESTS := sqltext
CLI_TESTS     := clean conf options stamp
DB_TESTS      := async async_done async_memory async_time batch batch_large batch_modes batch_tx cancel connecting ddl error failover faults faults_cut faults_server fork hostile hosts listen loops memory memory_batch memory_bulk memory_calls memory_open memory_tx nested pgbouncer pool pool_life pool_stress query replicas run stale \
                 tls trips trace tx tx_run values watch with write
# Those of them that run under ThreadSanitizer too: what threads share
TSAN_TESTS    := async async_done async_time connecting hosts cancel listen pool pool_life pool_stress replicas tx tx_run watch with
# tests/db/NAME_test.c over the migration library
RUNNER_TESTS  := runner_apply runner_crash runner_drift runner_files runner_locks \
                 runner_memory runner_restart runner_seeds runner_squash runner_state \
                 runner_undo
# tests/db/NAME_test.c over what the compiler says about a server
SERVER_TESTS  := accepted certify certify_lies fake impact init kept key_types names pages plan rules \
                  statements
# tests/db/NAME_test.c over the functions that schemac makes of tests/db/features.schema
FEATURE_TESTS := features_change features_batch features_bulk features_forms features_load \
                 features_page features_query features_read features_rules \
                 features_secret features_sql features_stream features_stream_use features_text features_values

# tests/fuzz/NAME_fuzz.c
FUZZERS := decode diff dotenv format rows schema script sql sqltext value

# ---- flags -----------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla
# Only what lemon's template needs.
WARN_LEMON := -Wno-missing-prototypes -Wno-conversion -Wno-sign-conversion \
        -Wno-unused-parameter -Wno-unused-variable -Wno-unused-function \
        -Wno-type-limits
# Expanded when used, not when read: `make deps` may have to install pkg-config first.
PQ_CFLAGS  = $(shell pkg-config --cflags libpq)
PQ_LIBS    = $(shell pkg-config --libs libpq)
TOOL_LIBS  = $(shell pkg-config --libs jansson libmd libxxhash)
TEST_LIBS  = -lcmocka $(TOOL_LIBS) $(PQ_LIBS) -lpthread -lm

STD     := -std=c17 -D_POSIX_C_SOURCE=200809L
# All processors, unless make was told how many.
JOBS     = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
# What is being made, or with V=1 how.
say      = $(if $(V),,@echo '  $(1)' &&)
COMPILE  = $(call say,$(CC) $<) $(CC) $(STD) $(WARN) $(WERROR) -I. -I$(BUILD) \
           $(CPPFLAGS) $(CFLAGS) $(ROOM_FLAGS) -MMD -MP -c -o $@ $<
LINK     = $(call say,link $@) $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

# ---- names -----------------------------------------------------------------------

objects   = $(2:%=$(BUILD)/$(1)/%.o)
unit      = $(1:%=$(BUILD)/tests/unit/%_test)
lib       = $(BUILD)/lib$(1).a

LIBBASE  := $(call lib,base)
LIBLANG  := $(call lib,lang) $(LIBBASE)
LIBSQL   := $(call lib,sql) $(LIBLANG)
LIBEMIT  := $(call lib,emit) $(LIBSQL)
LIBSQLTEXT := $(call lib,sqltext)
LIBMIGRATE := $(call lib,migrate) $(LIBSQLTEXT) $(LIBSQL)
LIBCLI   := $(call lib,cli) $(call lib,certify) $(call lib,cluster) $(call lib,fake) $(call lib,live) \
            $(call lib,emit) \
            $(LIBMIGRATE) $(call lib,schemac-migrate) $(call lib,schemac)
LIBRUN   := $(call lib,schemac)
LIBMIG   := $(call lib,schemac-migrate)
LIBGEN   := $(call lib,gen)
SHARED   := $(BUILD)/libschemac.so.$(VERSION)
SONAME   := libschemac.so.$(SOMAJOR)
MIG_SHARED := $(BUILD)/libschemac-migrate.so.$(VERSION)
MIG_SONAME := libschemac-migrate.so.$(SOMAJOR)
SCHEMAC  := $(BUILD)/schemac

UNIT_BINS   := $(call unit,$(BASE_TESTS) $(LANG_TESTS) $(SQL_TESTS) $(EMIT_TESTS) \
               $(MIGRATE_TESTS) $(CLI_TESTS))
RUNTIME_BINS := $(call unit,$(RUNTIME_TESTS))
SQLTEXT_BINS := $(call unit,$(SQLTEXT_TESTS))
RUNNER_BINS := $(RUNNER_TESTS:%=$(BUILD)/tests/db/%_test)
DB_BINS     := $(DB_TESTS:%=$(BUILD)/tests/db/%_test)
SERVER_BINS := $(SERVER_TESTS:%=$(BUILD)/tests/db/%_test)
FEATURE_BINS := $(FEATURE_TESTS:%=$(BUILD)/tests/db/%_test)
REPLAY_BINS := $(FUZZERS:%=$(BUILD)/tests/fuzz/%_replay)
FUZZ_BINS   := $(FUZZERS:%=$(BUILD)/fuzz/%)
TEST_BINS   := $(UNIT_BINS) $(SQLTEXT_BINS) $(RUNNER_BINS) \
               $(RUNTIME_BINS) $(DB_BINS) $(SERVER_BINS) $(FEATURE_BINS) \
               $(REPLAY_BINS)
# A script tests/AREA/NAME_test.sh prints TAP; it finds BUILD, CC and CXX in its
# environment and runs at the root of the tree. SANITIZE is what it has to link our
# archives with; those that link with every compiler stand aside then.
SANITIZE     := $(filter -fsanitize=%,$(CFLAGS))
TEST_SCRIPTS := $(sort $(wildcard tests/*/*_test.sh))
ifneq ($(SANITIZE),)
TEST_SCRIPTS := $(filter-out tests/compile/% tests/project/%,$(TEST_SCRIPTS))
endif

# ---- the program and the library -------------------------------------------------

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help deps test check demo install uninstall clean fuzz format lint \
        test-bins gen man valgrind tsan tsan-check nightly corpus bench bench-parts examples FORCE

all: $(SCHEMAC) $(LIBRUN) $(LIBMIG) $(BUILD)/libschemac.so \
     $(BUILD)/libschemac-migrate.so ## build schemac and its libraries (default)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

$(SCHEMAC): $(BUILD)/cli/main.o $(LIBCLI)
	$(LINK) $(TOOL_LIBS) $(PQ_LIBS) -lpthread -lm

$(call lib,base): $(call objects,base,$(BASE))
$(call lib,lang): $(call objects,lang,$(LANG_))
$(call lib,sql):  $(call objects,sql,$(SQL))
$(call lib,emit): $(call objects,emit,$(EMIT))
$(call lib,migrate): $(call objects,migrate,$(MIGRATE))
$(call lib,certify): $(call objects,certify,$(CERTIFY))
$(call lib,cluster): $(call objects,cluster,$(CLUSTER))
$(call lib,fake): $(call objects,fake,$(FAKE))
$(call lib,live): $(call objects,live,$(LIVE))
$(call lib,cli):  $(call objects,cli,$(CLI))
$(LIBSQLTEXT):    $(call objects,sqltext,$(SQLTEXT))
$(LIBMIG):        $(call objects,runner,$(RUNNER)) $(call objects,sqltext,$(SQLTEXT))
$(LIBRUN):        $(call objects,runtime,$(RUNTIME))
$(LIBGEN):        $(patsubst %.c,$(BUILD)/%.o,$(wildcard gen/*.c))

$(BUILD)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,ar $@) $(AR) rcs $@ $(filter %.o,$^)

$(SHARED): $(call objects,runtime,$(RUNTIME))
	$(call say,link $@) $(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -o $@ $^ $(PQ_LIBS)

$(BUILD)/libschemac.so: $(SHARED)
	ln -sf $(notdir $(SHARED)) $(BUILD)/$(SONAME)
	ln -sf $(SONAME) $@

$(MIG_SHARED): $(call objects,runner,$(RUNNER)) $(call objects,sqltext,$(SQLTEXT)) \
        $(BUILD)/libschemac.so
	$(call say,link $@) $(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(MIG_SONAME) \
	    -o $@ $(filter %.o,$^) -L$(BUILD) -lschemac $(PQ_LIBS) -lmd

$(BUILD)/libschemac-migrate.so: $(MIG_SHARED)
	ln -sf $(notdir $(MIG_SHARED)) $(BUILD)/$(MIG_SONAME)
	ln -sf $(MIG_SONAME) $@

$(BUILD)/runner/%.o:  ROOM_FLAGS = -Iruntime -fPIC -fvisibility=hidden -fno-plt $(PQ_CFLAGS)
$(BUILD)/sqltext/%.o: ROOM_FLAGS = -Isqltext -fPIC -fvisibility=hidden -fno-plt
$(BUILD)/runtime/%.o: ROOM_FLAGS = -fPIC -fvisibility=hidden -fno-plt $(PQ_CFLAGS)
$(BUILD)/live/%.o: ROOM_FLAGS = $(PQ_CFLAGS)
$(BUILD)/certify/%.o: ROOM_FLAGS = -Iruntime
$(BUILD)/cli/%.o: ROOM_FLAGS = -Iruntime
$(BUILD)/gen/%.o:     ROOM_FLAGS = -Iruntime
$(BUILD)/tests/%.o:   ROOM_FLAGS = -Iruntime -Igen $(PQ_CFLAGS) -DTEST_ROOT='"$(CURDIR)"'
# What re2c and lemon write stands in $(BUILD)/lang, and includes as if it stood in lang.
$(BUILD)/lang/%.o:       ROOM_FLAGS = -Ilang -I$(BUILD)/lang
$(BUILD)/lang/grammar.o: ROOM_FLAGS = -Ilang -I$(BUILD)/lang $(WARN_LEMON)

$(BUILD)/%.o: %.c | $(BUILD)/cli/generator.c
	@mkdir -p $(@D)
	$(COMPILE)

$(BUILD)/%.o: $(BUILD)/%.c | $(BUILD)/cli/generator.c
	$(COMPILE)

$(BUILD)/%/lexer.c: %/lexer.re
	@mkdir -p $(@D)
	$(call say,re2c $<) re2c -W -Werror --no-generation-date --no-version -o $@ $<

# lemon leaves an unchanged header alone: the header hangs on the .c, with nothing to do.
$(BUILD)/lang/grammar.c: lang/grammar.y
	@mkdir -p $(@D)
	$(call say,lemon $<) lemon -q -d$(@D) $<
$(BUILD)/lang/grammar.h: $(BUILD)/lang/grammar.c ;
$(call objects,lang,$(LANG_)): | $(BUILD)/lang/grammar.h

# Which compiler it is: made ahead of the objects, so that an edit during a build is seen
# by the next one.
COMPILER := $(sort $(foreach room,base lang sql sqltext emit migrate live fake cluster certify cli,\
            $(wildcard $(addprefix $(room)/*.,c h def re y))))
$(BUILD)/cli/generator.c: $(COMPILER) Makefile
	@mkdir -p $(@D)
	$(call say,hash of the compiler) { echo '#include "cli/generator.h"'; \
	    cat $(COMPILER) | sha256sum | \
	    sed 's/\([0-9a-f]*\).*/const char generator_id[] = "\1";/'; } >$@

man: $(SCHEMAC) ## write the manual page, which is committed
	$(SCHEMAC) help --man >docs/man/schemac.1

gen: $(SCHEMAC) ## compile schema/app.schema into gen/, which is committed
	$(SCHEMAC) schema/app.schema -o gen/

# ---- tests -----------------------------------------------------------------------

# Every room: a fuzzer may knock at any door.
FUZZ_LIBS := $(LIBCLI) $(LIBRUN) $(LIBSQLTEXT)
SUPPORT := $(call objects,tests/support,cluster schema variants)

$(call unit,$(BASE_TESTS)): %: %.o $(LIBBASE)
	$(LINK) $(TEST_LIBS)
$(call unit,$(LANG_TESTS)): %: %.o $(LIBLANG)
	$(LINK) $(TEST_LIBS)
$(call unit,$(SQL_TESTS)): %: %.o $(BUILD)/tests/support/schema.o $(LIBSQL)
	$(LINK) $(TEST_LIBS)
$(call unit,$(EMIT_TESTS)): %: %.o $(LIBEMIT)
	$(LINK) $(TEST_LIBS)
$(call unit,$(MIGRATE_TESTS)): %: %.o \
        $(call objects,tests/support,pair plan_case schema) \
        $(LIBMIGRATE)
	$(LINK) $(TEST_LIBS)
$(call unit,$(CLI_TESTS)): %: %.o $(LIBCLI)
	$(LINK) $(TEST_LIBS)
$(SQLTEXT_BINS): %: %.o $(LIBSQLTEXT)
	$(LINK) $(TEST_LIBS)
$(RUNNER_BINS): %: %.o $(BUILD)/tests/support/cluster.o $(BUILD)/tests/support/folder.o \
        $(LIBMIG) $(LIBRUN) $(call lib,cluster) $(LIBBASE)
	$(LINK) $(TEST_LIBS)
$(RUNTIME_BINS): %: %.o $(LIBRUN)
	$(LINK) $(TEST_LIBS)
$(DB_BINS) $(SERVER_BINS): %: %.o $(SUPPORT) \
        $(call objects,tests/support,first pair plan_case servers app proxy) $(LIBGEN) $(LIBCLI)
	$(LINK) $(TEST_LIBS)

$(BUILD)/tests/db/loops_test: TEST_LIBS += $(shell pkg-config --libs libuv liburing)

# What schemac makes of the features' schema; its files are as old as their last change.
FEATURES := $(BUILD)/tests/features
$(FEATURES)/made: tests/db/features.schema $(SCHEMAC)
	$(call say,schemac $<) $(SCHEMAC) $< -o $(FEATURES) --unity
	@touch $@
$(FEATURES)/features_.c: $(FEATURES)/made ;
$(FEATURE_BINS:%=%.o): $(FEATURES)/made
$(FEATURE_BINS:%=%.o): private CPPFLAGS += -I$(FEATURES) -DFEATURES='"$(abspath $(FEATURES))"'
$(FEATURE_BINS): %: %.o $(SUPPORT) $(FEATURES)/features_.o $(LIBRUN) $(LIBSQL)
	$(LINK) $(TEST_LIBS)

$(REPLAY_BINS): %_replay: %_fuzz.o $(BUILD)/tests/fuzz/replay.o $(FUZZ_LIBS)
	$(LINK) $(TEST_LIBS)

# For tests/pairs/merge.py.
MERGE_TOOL := $(BUILD)/tests/support/merge_tool
$(MERGE_TOOL): %: %.o $(LIBMIGRATE)
	$(LINK) $(TOOL_LIBS)

test-bins: all $(TEST_BINS) $(MERGE_TOOL)

test: deps ## build and run every test; ends with "N passed, N failed"
	@$(MAKE) $(JOBS) --no-print-directory check

# A test that runs away must not take the machine with it. Sanitizers map terabytes.
MEMORY = $(if $(SANITIZE),unlimited,4000000)
check: test-bins ## as test, without looking for missing packages
	@BUILD='$(BUILD)' CC='$(CC)' CXX='$(CXX)' MAKE='$(MAKE)' \
	    SANITIZE='$(SANITIZE)' TEST_MEMORY='$(MEMORY)' \
	    tests/run $(TEST_BINS) tools/layers.sh $(TEST_SCRIPTS)

# The runtime's own tests once more; 99 is what a finding ends a program with. Fair: else a
# thread that never rests keeps the others from running.
VALGRIND := valgrind -q --fair-sched=yes --error-exitcode=99 --leak-check=full \
    --errors-for-leak-kinds=definite,possible
# Some replace malloc, as valgrind does, or count memory, which valgrind keeps for a while;
# pool_stress_test has more threads than it takes.
UNFIT := memory memory_batch memory_bulk memory_calls memory_open memory_tx async_memory pool_stress features_stream
VALGRIND_BINS := $(filter-out $(UNFIT:%=$(BUILD)/tests/db/%_test), \
    $(RUNTIME_BINS) $(DB_BINS) $(FEATURE_BINS))
valgrind: $(VALGRIND_BINS) ## the runtime's tests under valgrind
	@TEST_WRAP='$(VALGRIND)' tests/run $(VALGRIND_BINS)

# What several threads share, under ThreadSanitizer. It ends a program where the kernel
# scatters memory too widely: setarch -R has it not scattered, where that is allowed.
TSAN_BINS := $(TSAN_TESTS:%=$(BUILD)/tests/db/%_test)
tsan: ## the tests of what threads share, under ThreadSanitizer (needs clang)
	@$(MAKE) $(JOBS) --no-print-directory BUILD='$(BUILD)/tsan' CC=clang CXX=clang++ \
	    WERROR= CFLAGS='-O1 -g -fsanitize=thread' tsan-check
tsan-check: $(TSAN_BINS)
	@TEST_WRAP="$$(setarch -R true 2>/dev/null && echo setarch -R)" \
	    TSAN_OPTIONS='exitcode=66 die_after_fork=0' tests/run $(TSAN_BINS)

# libFuzzer needs clang and objects of its own.
fuzz: $(FUZZ_BINS) ## build the fuzzers into $(BUILD)/fuzz (needs clang)
$(BUILD)/fuzz/%: tests/fuzz/%_fuzz.c FORCE
	@mkdir -p $(@D)
	$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz/obj CC=clang CXX=clang++ \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined' \
	    $(patsubst $(BUILD)/%,$(BUILD)/fuzz/obj/%,$(FUZZ_LIBS))
	clang $(STD) -I. -Iruntime -I$(BUILD)/fuzz/obj -O1 -g -fsanitize=fuzzer,address,undefined \
	    $(PQ_CFLAGS) -o $@ $< \
	    $(patsubst $(BUILD)/%,$(BUILD)/fuzz/obj/%,$(FUZZ_LIBS)) $(TOOL_LIBS) $(PQ_LIBS) -lm

FORCE:
NIGHTLY_PAIRS ?= 10000
CHURN_SECONDS ?= 600
CHURN_BIN := $(BUILD)/tests/db/pool_stress_test
CUTS_BIN := $(BUILD)/tests/db/faults_cut_test
nightly: fuzz $(SCHEMAC) $(MERGE_TOOL) $(CUTS_BIN) $(CHURN_BIN) ## each fuzzer for FUZZ_SECONDS (600), NIGHTLY_PAIRS (10000) random schemas, connections that come and go for CHURN_SECONDS (600)
	@BUILD='$(BUILD)' tools/nightly.sh $(FUZZERS)
	@TEST_TIMEOUT=3600 FAULTS_CASES=0 tests/run $(CUTS_BIN)
	@TEST_TIMEOUT=$$(($(CHURN_SECONDS) + 300)) CHURN_SECONDS='$(CHURN_SECONDS)' \
	    tests/run $(CHURN_BIN)
	@BUILD='$(BUILD)' PAIRS_FIRST=1000 PAIRS=$(NIGHTLY_PAIRS) tests/pairs/pairs_test.sh --quiet
	@BUILD='$(BUILD)' MERGES_FIRST=1000 MERGES=500 tests/pairs/merge_test.sh
	@BUILD='$(BUILD)' LINT_NODES=225000 tools/lint.sh >$(BUILD)/lint.tap || \
	    { grep -v '^ok' $(BUILD)/lint.tap; false; }

CORPUS ?= $(or $(SCHEMAC_CORPORA),../shared/corpora)
corpus: $(SCHEMAC) ## migrate every pair of schemas in CORPUS=DIR there and back
	@BUILD='$(BUILD)' SCHEMAC_CORPORA='$(CORPUS)' tests/corpus/corpus_test.sh all

format: ## rewrite the C sources in the house style
	@tools/format.sh

lint: $(BUILD)/lang/grammar.h ## clang-tidy over the C sources
	@BUILD='$(BUILD)' tools/lint.sh

# ---- figures ---------------------------------------------------------------------

BENCH := $(BUILD)/bench/runtime/bench
$(BUILD)/bench/%.o: ROOM_FLAGS = -Iruntime -Igen $(PQ_CFLAGS)
$(BENCH): $(call objects,bench/runtime,main hand hand_more side_hand side_generated) $(LIBGEN) \
        $(LIBRUN)
	$(LINK) $(PQ_LIBS) -lpthread -lm
$(BUILD)/bench/runtime/flights $(BUILD)/bench/runtime/first: $(BUILD)/bench/runtime/%: \
        $(BUILD)/bench/runtime/%.o $(LIBGEN) $(LIBRUN)
	$(LINK) $(PQ_LIBS) -lpthread
$(BUILD)/bench/measure: $(BUILD)/bench/measure.o
	$(LINK)
$(BUILD)/bench/runtime/allocations.so: bench/runtime/allocations.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(WERROR) $(CFLAGS) -fPIC -shared -o $@ $<

BENCH_PARTS := $(BENCH) $(addprefix $(BUILD)/bench/,measure runtime/flights runtime/first \
        runtime/allocations.so)
bench-parts: $(SCHEMAC) $(BENCH_PARTS)

# examples/loops are built by loops_test.
EXAMPLES := app server
examples: $(LIBRUN) ## build the example programs into $(BUILD)
	@for example in $(EXAMPLES); do \
	    $(MAKE) --no-print-directory -C examples/$$example BUILD='$(abspath $(BUILD))' \
	        CC='$(CC)' CPPFLAGS='$(CPPFLAGS) $(WERROR)' || exit 1; \
	done

bench: ## measure, beside other clients; BENCH_QUICK=1: roughly; asserts nothing
	@BUILD='$(BUILD)' MAKE='$(MAKE)' CC='$(CC)' bench/run.sh

# ---- surroundings ----------------------------------------------------------------

deps: ## install what is missing (as root or with sudo)
	@tools/deps.sh

demo: deps ## compile the reference schema and run the example on a private database
	@$(MAKE) $(JOBS) --no-print-directory all
	@BUILD='$(BUILD)' CC='$(CC)' MAKE='$(MAKE)' tools/demo.sh

bindir := $(DESTDIR)$(PREFIX)/bin
libdir := $(DESTDIR)$(PREFIX)/lib
incdir := $(DESTDIR)$(PREFIX)/include
mandir := $(DESTDIR)$(PREFIX)/share/man/man1

install: all ## install into $(DESTDIR)$(PREFIX)
	install -d $(bindir) $(libdir)/pkgconfig $(incdir) $(mandir)
	install -m 755 $(SCHEMAC) $(bindir)/schemac
	install -m 644 $(LIBRUN) $(libdir)/libschemac.a
	install -m 755 $(SHARED) $(libdir)/$(notdir $(SHARED))
	ln -sf $(notdir $(SHARED)) $(libdir)/$(SONAME)
	ln -sf $(SONAME) $(libdir)/libschemac.so
	install -m 644 runtime/sc.h runtime/sc_value.h runtime/sc_gen.h runtime/sc_listen.h runtime/sc_async.h $(incdir)
	install -m 644 runner/sc_migrate.h $(incdir)/sc_migrate.h
	install -m 644 $(LIBMIG) $(libdir)/libschemac-migrate.a
	install -m 755 $(MIG_SHARED) $(libdir)/$(notdir $(MIG_SHARED))
	ln -sf $(notdir $(MIG_SHARED)) $(libdir)/$(MIG_SONAME)
	ln -sf $(MIG_SONAME) $(libdir)/libschemac-migrate.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	    tools/schemac-migrate.pc.in > $(libdir)/pkgconfig/schemac-migrate.pc
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' tools/schemac.pc.in \
	    > $(libdir)/pkgconfig/schemac.pc
	install -m 644 docs/man/schemac.1 $(mandir)/schemac.1

uninstall: ## remove what install put there
	rm -f $(bindir)/schemac $(libdir)/libschemac.a $(libdir)/libschemac.so \
	    $(libdir)/$(SONAME) $(libdir)/$(notdir $(SHARED)) $(incdir)/sc.h \
	    $(incdir)/sc_value.h $(incdir)/sc_gen.h $(incdir)/sc_listen.h $(incdir)/sc_async.h \
	    $(libdir)/libschemac-migrate.a $(libdir)/libschemac-migrate.so \
	    $(libdir)/$(MIG_SONAME) $(libdir)/$(notdir $(MIG_SHARED)) \
	    $(incdir)/sc_migrate.h $(libdir)/pkgconfig/schemac-migrate.pc \
	    $(libdir)/pkgconfig/schemac.pc $(mandir)/schemac.1

clean: ## remove $(BUILD)
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
