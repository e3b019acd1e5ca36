import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollector;

/** What Lucene 8 does otherwise. */
final class Version {
	static Analyzer whitespace() {
		return new WhitespaceAnalyzer();
	}

	/** The k best; how many match beyond them is not counted. */
	static ScoreDoc[] top(IndexSearcher s, Query q, int k) throws Exception {
		TopScoreDocCollector c = TopScoreDocCollector.create(k, null, 1);

		s.search(q, c);
		return c.topDocs().scoreDocs;
	}
}
