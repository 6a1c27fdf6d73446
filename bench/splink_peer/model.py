"""The model that Splink gets: its own comparisons (NameComparison, DateOfBirthComparison, ExactMatch,
Damerau-Levenshtein on numbers) with the levels that its documentation recommends, on the columns of
table.py, and more than that where its levels would not see what hedui's do: sounds, the given name,
swapped day and month, dwellings, parents and spouses."""

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

# A pass more, for both, that makes many pairs.
DENSE = ["fuzzy_surname", "birth_year", "gender"]
PLAIN_PASSES = [["id_number"], ["pinyin", "birth_day"], ["birth_day", "place"]]

RECALL_OF_CERTAIN = 0.8  # of the rules that estimate the prior: most mentions have a number
SEED = 1


def rule(keys):
    """Two mentions of one record are two persons."""
    return " and ".join([*(f"l.{key} = r.{key}" for key in keys), "l.record <> r.record"])


def level(sql, label):
    return cll.CustomLevel(sql, label)


def equal(column):
    return f"{column}_l = {column}_r"


def null(*columns):
    """Missing where none of the columns is there on both sides."""
    return cll.CustomLevel(" and ".join(f"({c}_l is null or {c}_r is null)" for c in columns),
                           "null").configure(is_null_level=True)


def jaro_winkler(column, threshold):
    return level(f"jaro_winkler_similarity({column}_l, {column}_r) >= {threshold}",
                 f"Jaro-Winkler of {column} >= {threshold}")


def name():
    """NameComparison on pinyin, between the characters and their parts."""
    return cl.CustomComparison(output_column_name="name", comparison_levels=[
        null("name_left"),
        cll.ExactMatchLevel("name", term_frequency_adjustments=True),
        level(f"{equal('folded')} or name_l = former_name_r or former_name_l = name_r", "variant"),
        level(equal("pinyin"), "same pinyin"),
        level(equal("fuzzy_pinyin"), "same fuzzy pinyin"),
        jaro_winkler("pinyin", 0.92),
        level("levenshtein(name_left_l, name_left_r) <= 1", "one character"),
        jaro_winkler("pinyin", 0.88),
        level(equal("given"), "same given name"),
        jaro_winkler("pinyin", 0.7),
        level(equal("fuzzy_surname"), "same surname"),
        cll.ElseLevel()])


def id_number():
    return cl.CustomComparison(output_column_name="id_number", comparison_levels=[
        cll.NullLevel("id_number"), cll.ExactMatchLevel("id_number"),
        cll.DamerauLevenshteinLevel("id_number", 1),
        level("substr(id_number_l, 7, 11) = substr(id_number_r, 7, 11)", "all but area"),
        cll.DamerauLevenshteinLevel("id_number", 2), cll.ElseLevel()])


def birth():
    """DateOfBirthComparison, with day and month changed and years alone."""
    swapped = ("birth_day_l = birth_year_r || '-' || substr(birth_day_r, 9, 2) || '-' || "
               "substr(birth_day_r, 6, 2)")

    def within(threshold, metric):
        return cll.AbsoluteDateDifferenceLevel("birth_day", input_is_string=True,
                                               threshold=threshold, metric=metric)

    return cl.CustomComparison(output_column_name="birth", comparison_levels=[
        null("birth"), cll.ExactMatchLevel("birth"), level(swapped, "day and month changed"),
        cll.DamerauLevenshteinLevel("birth_day", 1), within(1, "month"),
        level(equal("birth_year"), "same year"), within(1, "year"), within(10, "year"),
        cll.ElseLevel()])


def place():
    return cl.CustomComparison(output_column_name="place", comparison_levels=[
        null("place"), level(f"{equal('dwelling')} and {equal('county')}", "same house"),
        cll.ExactMatchLevel("place", term_frequency_adjustments=True),
        level("left(place_l, 9) = left(place_r, 9)", "same township"),
        level(equal("county"), "same county"), cll.ElseLevel()])


def relative(of):
    number, name_of = f"{of}_id_number", f"{of}_name"
    return cl.CustomComparison(output_column_name=of, comparison_levels=[
        null(number, name_of), level(equal(number), "same number"),
        level(equal(name_of), "same name"), jaro_winkler(name_of, 0.88), cll.ElseLevel()])


def plain_settings(passes):
    """A model of which every condition has a counterpart in hedui's rule language, without term
    frequencies: for comparing weights pair by pair. Its columns that Splink compares by bytes are
    ASCII."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.CustomComparison(output_column_name="name", comparison_levels=[
                null("name"), cll.ExactMatchLevel("name"), level(equal("pinyin"), "same pinyin"),
                jaro_winkler("pinyin", 0.92),
                level("jaro_similarity(pinyin_l, pinyin_r) >= 0.8", "Jaro of pinyin >= 0.8"),
                cll.ElseLevel()]),
            cl.LevenshteinAtThresholds("id_number", [1, 2]),
            cl.DateOfBirthComparison("birth_day", input_is_string=True),
            cl.ExactMatch("gender"),
            cl.CustomComparison(output_column_name="place", comparison_levels=[
                null("place"), cll.ExactMatchLevel("place"),
                level("substr(place_l, 1, 9) = substr(place_r, 1, 9)", "same township"),
                level("left(place_l, 6) = left(place_r, 6)", "same county"), cll.ElseLevel()]),
            cl.CustomComparison(output_column_name="household_phone", comparison_levels=[
                null("household", "phone"), level(equal("household"), "same household"),
                level(equal("phone"), "same phone"),
                level("damerau_levenshtein(phone_l, phone_r) <= 1", "phone but a digit"),
                cll.ElseLevel()]),
            cl.ExactMatch("mother_id_number")],
        blocking_rules_to_generate_predictions=[rule(keys) for keys in passes],
        retain_matching_columns=False)


def settings(passes):
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[name(), id_number(), birth(), cl.ExactMatch("gender"), place(),
                     cl.DamerauLevenshteinAtThresholds("phone", 1), cl.ExactMatch("household"),
                     relative("mother"), relative("father"), relative("spouse")],
        blocking_rules_to_generate_predictions=[rule(keys) for keys in passes],
        retain_matching_columns=False)


def train(linker, random_pairs):
    """As the documentation does it: the prior from rules that are nearly certain, u from random
    pairs, m by EM over several blocking rules, so that each comparison is free in one."""
    linker.training.estimate_probability_two_random_records_match(
        [rule(["id_number"]), rule(["name", "birth"])], recall=RECALL_OF_CERTAIN)
    linker.training.estimate_u_using_random_sampling(max_pairs=random_pairs, seed=SEED)
    for keys in (["id_number"], ["name", "birth"], ["birth", "mother_name"]):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule(keys), estimate_without_term_frequencies=True)  # counts of patterns, as hedui does
