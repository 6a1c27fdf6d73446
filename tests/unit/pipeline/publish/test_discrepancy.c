#include "night.h"

TestSuite(discrepancy, .init = nights_begin, .fini = nights_end);

/* 张伟's number says female. */
static const night_files wrong = {.household =
                                      "h1,张伟,男,19491231,11010519491231002X,530303101001,,\n"};
static const night_files right = {.household =
                                      "h1,张伟,女,19491231,11010519491231002X,530303101001,,\n"};

static const char states[] =
    "SELECT state, first_run, last_run FROM discrepancy WHERE rule = 'id.sex'";

Test(discrepancy, is_told_with_its_mention_and_value)
{
    night_publish(20260101, "R1", &wrong, "");
    night_expect("SELECT rule, kind, severity, state, owner_unit, field, source_a, record_id_a, "
                 "role_a, value_a, source_b, record_id_b, role_b, value_b, first_run, last_run "
                 "FROM discrepancy WHERE rule = 'id.sex'",
                 "id.sex|logic|error|open|530303101|sex|household|h1|self|1|||||2026-01-01|"
                 "2026-01-01\n");
    night_expect("SELECT d.person_id = p.person_id, length(discrepancy_id) FROM discrepancy d, "
                 "person p WHERE rule = 'id.sex'",
                 "1|26\n");
    night_expect("SELECT message LIKE 'rule.%', length(message) > 5 FROM discrepancy "
                 "WHERE rule = 'id.sex'",
                 "0|1\n");
}

Test(discrepancy, a_value_without_standard_form_is_shown_as_written)
{
    night_files files = {.household = "h1,张伟,,,110105194912310021,,,\n"};
    night_publish(20260101, "R1", &files, "");
    night_expect("SELECT value_a FROM discrepancy WHERE rule = 'id.checksum'",
                 "110105194912310021\n");
}

Test(discrepancy, opens_resolves_and_opens_again)
{
    night_publish(20260101, "R1", &wrong, "");
    night_expect(states, "open|2026-01-01|2026-01-01\n");
    hd_change_counts again = night_publish(20260102, "R2", &wrong, "");
    night_expect(states, "open|2026-01-01|2026-01-01\n");
    night_expect_counts(again, (hd_change_counts){0});
    night_publish(20260103, "R3", &right, "");
    night_expect(states, "resolved|2026-01-01|2026-01-03\n");
    hd_change_counts counts = night_publish(20260104, "R4", &right, "");
    night_expect_counts(counts, (hd_change_counts){0});
    night_publish(20260105, "R5", &wrong, "");
    night_expect(states, "reopened|2026-01-01|2026-01-05\n");
    night_publish(20260106, "R6", &wrong, "");
    night_expect(states, "reopened|2026-01-01|2026-01-05\n");
    night_publish(20260107, "R7", &right, "");
    night_expect(states, "resolved|2026-01-01|2026-01-07\n");
}

Test(discrepancy, what_is_waived_stays_so_while_it_is_found)
{
    night_publish(20260101, "R1", &wrong, "");
    night_run_sql("UPDATE discrepancy SET state = 'waived'");
    night_publish(20260102, "R2", &wrong, "");
    night_expect(states, "waived|2026-01-01|2026-01-01\n");
    night_publish(20260103, "R3", &right, "");
    night_expect(states, "resolved|2026-01-01|2026-01-03\n");
}
