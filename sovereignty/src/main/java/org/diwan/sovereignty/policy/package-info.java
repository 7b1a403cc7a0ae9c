/// May this data go there? Asked before anything consequential happens, answered with the rule, the
/// law and the article.
///
/// Start at [Policy#decide]; then [Pack], the country as data; then [PolicyCheck], which proves
/// sentences such as "nothing secret leaves" by trying every request there is. Rules are Cedar
/// policies; [Rules] is the only class that talks to Cedar, and it does so once for each distinct
/// request: afterwards a decision is a table look-up.
///
/// Knows nothing of texts (the classifier says what is in them), of models, users or the date: the
/// day on which a rule must be in force is passed in.
@NullMarked
package org.diwan.sovereignty.policy;

import org.jspecify.annotations.NullMarked;
