/*
 * {"messages":[{"role":"user","content":"..."},...]}: the chat form that
 * trainers share. Nothing but `messages`: several loaders refuse any other
 * key, so where an example came from stands in the provenance file.
 */

#include "base/json.h"
#include "export/format.h"

static const char *const roles[] = { "system", "user", "assistant" };

static void chat_spell(const struct example *e, struct buf *line)
{
	struct json_out o;
	size_t i;

	json_start(&o, line);
	json_open(&o, '{');
	json_key(&o, "messages");
	json_open(&o, '[');
	for (i = 0; i < e->turn_count; i++) {
		json_open(&o, '{');
		json_pair(&o, "role", slice_of(roles[e->turns[i].role]));
		json_pair(&o, "content", e->turns[i].text);
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_close(&o, '}');
}

extern const struct format format_chat;
const struct format format_chat = {
	.name = "chat",
	.summary = "chat messages, one question and its best answer a line",
	.spell = chat_spell,
};
