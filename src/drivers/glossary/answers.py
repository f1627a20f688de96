"""The columns of the answers: who, what, how many, how sound."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # who and what
    term("column", "text", "Column of the survey.", "Column", "Kolom"),
    term("driver", "text", "Column of the driver.", "Driver", "Driver"),
    term("other", "text", "Column of the driver it is compared with.", "Compared with", "Vergeleken met"),
    term("label", "text", "Printed name.", "Aspect", "Aspect"),
    term("role", "text", "What the column is for: satisfaction, driver or control.", "Role", "Rol"),
    term("group", "text", "Satisfaction group.", "Customers", "Klanten"),
    term("term", "text", "Column of the model.", "Term", "Term"),
    term("measure", "text", "Name of the measure.", "Measure", "Maat"),
    # answers
    term("base", "count", "Respondents, unweighted.", "Base", "Basis"),
    term("missing_share", "share", "Share of respondents without an answer, unweighted.", "Missing", "Ontbreekt"),
    term("policy", "text", "Treatment of missing answers.", "Missing answers", "Ontbrekende antwoorden"),
    term("chosen", "yes/no", "Whether the analysis uses this policy.", "Chosen", "Gekozen"),
    term("kept_share", "share", "Share of the respondents with an outcome who count.", "Kept", "Telt mee"),
    term(
        "effective_base",
        "count",
        "Kish's effective base; of available answers that of the smallest pair.",
        "Effective base",
        "Effectieve basis",
    ),
    term("explained", "share", "Share of the outcome's variance that the drivers explain.", "Explained", "Verklaard"),
    term("reason", "text", "Why there is no result; empty where there is one.", "Reason", "Reden"),
    term(
        "kept_without",
        "share",
        "Share of the respondents with an outcome who answered all other columns.",
        "Complete without it",
        "Volledig zonder",
    ),
    term("mean", "points", "Weighted mean.", "Mean", "Gemiddelde"),
    term("top_two_share", "share", "Weighted share in the two highest scale points.", "Top two", "Top twee"),
    term("bottom_two_share", "share", "Weighted share in the two lowest scale points.", "Bottom two", "Laagste twee"),
    term("scale_low", "points", "Lowest answer offered.", "Scale, from", "Schaal, van"),
    term("scale_high", "points", "Highest answer offered.", "Scale, to", "Schaal, tot"),
    term("realistic_best", "points", "Level that the best-served tenth reaches.", "Realistic best", "Haalbaar beste"),
    *spread("value", "ratio", "Value of the measure: shares as fractions, rise in scale points.", "Value", "Waarde"),
    term(
        "value_percentile_low",
        "ratio",
        "Lower end of the percentile interval of value.",
        "Value, percentile from",
        "Waarde, percentiel van",
    ),
    term(
        "value_percentile_high",
        "ratio",
        "Upper end of the percentile interval of value.",
        "Value, percentile to",
        "Waarde, percentiel tot",
    ),
    # weights and recommendation
    term("population_margin", "text", "Column that the weights are raked to.", "Margin", "Kenmerk"),
    term("population_value", "text", "Value of that column.", "Value", "Waarde"),
    term("population_share", "share", "Its share of the population.", "Population", "Populatie"),
    term("share_before", "share", "Its share of the survey before raking.", "Before raking", "Vóór weging"),
    term("share_after", "share", "Its share of the survey after raking.", "After raking", "Na weging"),
    term("promoter_group", "text", "Promoters, passives or detractors.", "Group", "Groep"),
    term("screen", "text", "Check of the answers; any is all of them together.", "Check", "Controle"),
    term("rule", "text", "Whom the check singles out.", "Singles out", "Wie opvalt"),
    term("flagged", "count", "Respondents singled out; null if fewer than minimum_base.", "Number", "Aantal"),
    term("flagged_share", "share", "Weighted share of respondents singled out.", "Share", "Aandeel"),
    term(
        "rounded",
        "yes/no",
        "Whether count and share are rounded to multiples of minimum_base: exact ones would tell a smaller group.",
        "Rounded",
        "Afgerond",
    ),
    term("excluded", "yes/no", "Whether they were left out, by the client file.", "Left out", "Weggelaten"),
    term("order_changes", "yes/no", "Whether the top three differ without them.", "Other top three", "Andere top drie"),
    term(
        "share_without", "share", "Share of the explanation without them.", "Share without them", "Aandeel zonder hen"
    ),
    term("battery", "text", "Items that together measure one thing.", "Battery", "Itemgroep"),
    term("other_battery", "text", "The battery it is compared with.", "Compared with", "Vergeleken met"),
    term("items", "count", "Items of the battery.", "Items", "Items"),
    *spread(
        "alpha", "coefficient", "Cronbach's alpha, unweighted, 95% interval.", "Cronbach's alpha", "Cronbachs alfa"
    ),
    term("omega", "coefficient", "McDonald's omega total of one factor.", "Omega", "Omega"),
    term("first_factor", "share", "Share of the variance on the first factor.", "On one factor", "Op één factor"),
    term("top_share", "share", "Weighted share at the highest scale point.", "Highest answer", "Hoogste antwoord"),
    term("bottom_share", "share", "Weighted share at the lowest scale point.", "Lowest answer", "Laagste antwoord"),
    term(
        "rated", "yes/no", "Whether it is known to be a rating, by a declared or labelled scale.", "Rating", "Oordeel"
    ),
    term("ceiling", "yes/no", "Whether too many gave the highest answer.", "Ceiling", "Plafond"),
    term("floor", "yes/no", "Whether too many gave the lowest answer.", "Floor", "Bodem"),
    term("near_constant", "yes/no", "Whether 95% or more gave one answer.", "Hardly varies", "Varieert nauwelijks"),
    term("item_rest", "coefficient", "Correlation with the sum of the battery's other items.", "With rest", "Met rest"),
    term("alpha_if_dropped", "coefficient", "Alpha without this item.", "Alpha without it", "Alfa zonder dit item"),
    term("possibly_reversed", "yes/no", "Whether it runs against the rest.", "Perhaps reversed", "Mogelijk omgekeerd"),
    term("battery_correlation", "coefficient", "Of the means of the two batteries.", "Correlation", "Correlatie"),
    term("corrected_correlation", "coefficient", "The same, corrected for unreliability.", "Corrected", "Gecorrigeerd"),
    term("same", "yes/no", "Whether the two cannot be told apart.", "The same", "Hetzelfde"),
)
