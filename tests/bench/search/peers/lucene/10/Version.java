import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollectorManager;

/** What Lucene 10 does otherwise. */
final class Version {
	static Analyzer whitespace() {
		return new WhitespaceAnalyzer();
	}

	/** The k best; how many match beyond them is not counted. */
	static ScoreDoc[] top(IndexSearcher s, Query q, int k) throws Exception {
		return s.search(q, new TopScoreDocCollectorManager(k, null, 1))
				.scoreDocs;
	}
}
